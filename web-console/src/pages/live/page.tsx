import { PageHead } from '../../design/page';

export default function LivePage() {
  return <PageHead title="Live" />;
}
