// Uploads a file with tus-js-client, in pieces, going on after the server was away.
// usage: node tus-upload.mjs UPLOAD_URL FILE PIECE_BYTES [TOKEN] [PAUSE_MS before each request]
// prints one JSON line per accepted piece {"offset"}, and {"done": true} at the end
import fs from "node:fs";
import * as tus from "tus-js-client";

const [uploadUrl, file, pieceBytes, token, pause = "0"] = process.argv.slice(2);
const size = fs.statSync(file).size;
const upload = new tus.Upload(fs.createReadStream(file), {
  uploadUrl,
  uploadSize: size,
  chunkSize: Number(pieceBytes),
  retryDelays: Array(40).fill(250),
  onShouldRetry: (error) => {
    const status = error.originalResponse?.getStatus() ?? 0;
    return status === 0 || status >= 500 || status === 409 || status === 423;
  },
  onBeforeRequest: () => new Promise((resolve) => setTimeout(resolve, Number(pause))),
  headers: token ? { authorization: `Bearer ${token}` } : {},
  onChunkComplete: (_, offset) => console.log(JSON.stringify({ offset })),
  onSuccess: () => console.log(JSON.stringify({ done: true })),
  onError: (error) => {
    console.error(String(error));
    process.exit(1);
  },
});
upload.start();
