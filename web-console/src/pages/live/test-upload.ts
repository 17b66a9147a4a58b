import { execute } from '../../graphql/execute';
import { LiveCollectionsDocument } from './operations.generated';

const TEST_BYTES = 6_000_000;

/** Uploads a text of some megabytes to the first collection that takes texts. */
export async function sendTestUpload(): Promise<void> {
  const { data } = await execute(LiveCollectionsDocument);
  const collection = data.fileCollections.edges
    .map(({ node }) => node)
    .find(({ allowedMimeTypes: types }) => types === null || types.includes('text/plain') || types.includes('text/*'));
  if (collection === undefined) throw new Error('There is no collection that takes texts: make one on the page of files');
  const text = 'A line of the test upload, over and over again.\n';
  const file = new File([text.repeat(Math.ceil(TEST_BYTES / text.length))], 'console-test.txt', { type: 'text/plain' });
  const { takeFiles } = await import('../files/uploading');
  takeFiles([file], collection.id);
}
