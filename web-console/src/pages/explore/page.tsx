import { PageHead } from '../../design/page';

export default function ExplorePage() {
  return <PageHead title="Explore" />;
}
