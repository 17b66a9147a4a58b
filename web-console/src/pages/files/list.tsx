import { useState } from 'react';
import { Link, useSearchParams } from 'wouter';

import { Button } from '../../design/button';
import { formatBytes, formatDateTime } from '../../design/format';
import { Pager } from '../../design/pager';
import { PageHead } from '../../design/page';
import { FailureState, PartialNotice } from '../../design/refusals';
import { EmptyState, Loading } from '../../design/states';
import { type Column, Table } from '../../design/table';
import { usePages } from '../../graphql/use-pages';
import { useQuery } from '../../graphql/use-query';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { useMay } from '../../session/may';
import { CollectionDialog } from './collection-dialog';
import { FilesChangedDocument, FilesCollectionsDocument, FilesListDocument, type FilesRowFragment } from './operations.generated';
import { FileFilters } from './filters';
import { UploadCard } from './upload-card';

const COLUMNS: readonly Column<FilesRowFragment>[] = [
  {
    title: 'Name',
    cell: ({ id, name }) => (
      <Link className="long" title={name} to={`/console/files/${id}`}>
        {name}
      </Link>
    ),
  },
  { title: 'Type', cell: ({ mimeType }) => mimeType, minor: true },
  { title: 'Size', cell: ({ size }) => formatBytes(size), align: 'end' },
  { title: 'Collection', cell: ({ collection }) => collection.slug, minor: true },
  { title: 'Uploaded by', cell: ({ owner }) => owner?.displayName ?? 'A program', minor: true },
  { title: 'Uploaded', cell: ({ createdAt }) => formatDateTime(createdAt), minor: true },
];

export function FileList() {
  const [search] = useSearchParams();
  const [creating, setCreating] = useState(false);
  const mayUpload = useMay('files:write');
  const mayCollect = useMay('files:admin');
  const filter = { collectionId: search.get('collection'), ownerId: search.get('owner') };
  const pages = usePages(JSON.stringify(filter));
  const { data, errors, failure, refetch } = useQuery(FilesListDocument, { first: 25, after: pages.after, filter });
  const collections = useQuery(FilesCollectionsDocument);
  useRefetchOn(FilesChangedDocument, {}, refetch, data !== undefined);
  const retry = () => {
    refetch();
    collections.refetch();
  };
  const known = collections.data?.fileCollections.edges.map(({ node }) => node) ?? [];
  return (
    <>
      <PageHead title="Files" about="What was uploaded, and what is on its way.">
        {mayCollect ? (
          <Button icon="plus" onClick={() => setCreating(true)}>
            New collection
          </Button>
        ) : null}
      </PageHead>
      {creating ? <CollectionDialog onClose={() => setCreating(false)} onCreated={collections.refetch} /> : null}
      {mayUpload && known.length > 0 ? (
        <UploadCard collections={known} preferred={filter.collectionId} onFinished={refetch} />
      ) : null}
      {failure !== undefined ? (
        <FailureState what="files" error={failure} retry={retry} />
      ) : data === undefined ? (
        <Loading what="files" />
      ) : (
        <>
          <FileFilters collections={known} />
          <PartialNotice errors={errors} />
          <Table
            caption="Files, newest first"
            columns={COLUMNS}
            rows={data.files.edges.map(({ node }) => node)}
            rowKey={({ id }) => id}
            empty={
              <EmptyState title="No files here">
                {filter.collectionId === null && filter.ownerId === null
                  ? 'Nothing has been uploaded yet.'
                  : 'No file matches these filters.'}
              </EmptyState>
            }
          />
          <Pager pages={pages} pageInfo={data.files.pageInfo} />
        </>
      )}
    </>
  );
}
