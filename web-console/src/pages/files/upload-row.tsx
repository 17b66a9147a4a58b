import { useRef } from 'react';
import { Link } from 'wouter';

import { Badge, type Tone } from '../../design/badge';
import { Button } from '../../design/button';
import { formatBytes } from '../../design/format';
import { toast } from '../../design/toasts';
import { forgetUpload, type LocalUpload, type UploadState } from './upload-store';
import { cancel, isSame, pause, resume, takeFiles } from './uploading';

const LOOKS: { readonly [State in UploadState['is']]: readonly [Tone, string] } = {
  queued: ['neutral', 'Waiting'],
  starting: ['info', 'Starting'],
  sending: ['info', 'Uploading'],
  retrying: ['warning', 'Connection lost, trying again'],
  paused: ['neutral', 'Paused'],
  interrupted: ['warning', 'Interrupted'],
  'wants-file': ['warning', 'Choose the file again to go on'],
  done: ['good', 'Uploaded'],
  refused: ['bad', 'Refused'],
};

export function UploadRow({ upload }: { upload: LocalUpload }) {
  const { name, size, sent, rate, state } = upload;
  const [tone, text] = LOOKS[state.is];
  const percent = size === 0 ? 100 : Math.floor((sent / size) * 100);
  const problem = state.is === 'refused' || state.is === 'interrupted' ? state.problem : undefined;
  return (
    <li className="files-upload">
      <div className="files-upload-body">
        <div className="files-upload-head">
          {state.is === 'done' && state.fileId !== null ? (
            <Link className="files-name" to={`/console/files/${state.fileId}`}>
              {name}
            </Link>
          ) : (
            <span className="files-name">{name}</span>
          )}
          <Badge tone={tone}>{text}</Badge>
        </div>
        {state.is === 'done' || state.is === 'refused' ? null : (
          <>
            <div
              className="progress"
              role="progressbar"
              aria-label={`Upload of ${name}`}
              aria-valuemin={0}
              aria-valuemax={100}
              aria-valuenow={percent}
            >
              <div style={{ width: `${percent}%` }} />
            </div>
            <div className="muted files-upload-figures">
              {formatBytes(sent)} of {formatBytes(size)} · {percent} %
              {rate === null ? null : ` · ${formatBytes(rate)}/s`}
            </div>
          </>
        )}
        {problem === undefined ? null : <p className="problem">{problem}</p>}
      </div>
      <Actions upload={upload} />
    </li>
  );
}

function Actions({ upload }: { upload: LocalUpload }) {
  const { key, name, state } = upload;
  const picker = useRef<HTMLInputElement>(null);
  const takeAgain = (file: File | undefined) => {
    if (file === undefined) return;
    if (isSame(upload, file)) takeFiles([file], upload.collectionId);
    else toast(`That is not the ${name} that the upload was begun with`, 'bad');
  };
  const giveUp = () => cancel(key).catch((reason: Error) => toast(reason.message, 'bad'));
  const canPause = state.is === 'sending' || state.is === 'retrying' || state.is === 'queued' || state.is === 'starting';
  const canResume = state.is === 'paused' || state.is === 'interrupted';
  return (
    <div className="actions">
      {canPause ? (
        <Button icon="pause" aria-label={`Pause ${name}`} onClick={() => pause(key)}>
          Pause
        </Button>
      ) : null}
      {canResume ? (
        <Button icon="play" aria-label={`Resume ${name}`} onClick={() => resume(key)}>
          Resume
        </Button>
      ) : null}
      {state.is === 'wants-file' ? (
        <>
          <input
            ref={picker}
            type="file"
            hidden
            aria-label={`${name} again`}
            onChange={(event) => takeAgain(event.target.files?.[0])}
          />
          <Button icon="upload" aria-label={`Choose ${name} again`} onClick={() => picker.current?.click()}>
            Choose it again
          </Button>
        </>
      ) : null}
      {state.is === 'done' || state.is === 'refused' ? (
        <Button look="quiet" icon="close" aria-label={`Dismiss ${name}`} onClick={() => forgetUpload(key)}>
          Dismiss
        </Button>
      ) : (
        <Button look="quiet" icon="close" aria-label={`Cancel ${name}`} onClick={() => void giveUp()}>
          Cancel
        </Button>
      )}
    </div>
  );
}
