import type { ReactNode } from 'react';

import { PageHead } from '../../design/page';
import { Tabs } from '../../design/tabs';

const TABS = [
  { to: '/console/integrations', title: 'Connections' },
  { to: '/console/integrations/log', title: 'Access log' },
] as const;

export function IntegrationsHead({ children }: { children?: ReactNode }) {
  return (
    <>
      <PageHead title="Integrations" about="Connections to other systems, and who saw their credentials.">
        {children}
      </PageHead>
      <Tabs label="Parts of integrations" tabs={TABS} />
    </>
  );
}
