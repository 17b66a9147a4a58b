// The built-in query page. Answers come as server-sent events, so that queries and subscriptions
// are one case; events are read from the response, since EventSource cannot send a token.
'use strict';

const byId = (id) => document.getElementById(id);
let running = null;

async function signIn() {
  const role = byId('role').value;
  if (role === '') {
    byId('token').value = '';
    return;
  }
  const response = await fetch('/auth/dev/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ role }),
  });
  const answer = response.ok ? await response.json() : {};
  byId('token').value = answer.access_token ?? '';
  byId('status').textContent = response.ok ? 'signed in' : 'there is no sign-in by role here';
}

function readVariables() {
  const text = byId('variables').value.trim();
  return text === '' ? {} : JSON.parse(text);
}

function request(variables, signal) {
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream, application/json' };
  const token = byId('token').value.trim();
  if (token !== '') headers.authorization = `Bearer ${token}`;
  if (byId('plan').checked) headers['tenon-plan'] = 'text';
  const body = JSON.stringify({ query: byId('query').value, variables });
  return fetch('/graphql', { method: 'POST', headers, body, signal });
}

function show(answer) {
  const plan = answer.extensions?.queryPlan;
  byId('query-plan').hidden = plan === undefined;
  if (plan !== undefined) {
    byId('query-plan').textContent = plan;
    delete answer.extensions;
  }
  const text = JSON.stringify(answer, null, 2);
  const before = byId('answer').textContent;
  // The newest events are on top; old ones go, so that a day of events does not fill the memory.
  byId('answer').textContent = `${text}\n${before}`.slice(0, 200000);
}

async function readEvents(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    buffer += value;
    for (let end; (end = buffer.indexOf('\n\n')) >= 0; buffer = buffer.slice(end + 2)) {
      const lines = buffer.slice(0, end).split('\n');
      const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice(5)).join('\n').trim();
      if (lines.includes('event: next')) show(JSON.parse(data));
    }
  }
}

async function run() {
  running?.abort();
  running = new AbortController();
  byId('answer').textContent = '';
  byId('stop').disabled = false;
  byId('status').textContent = 'running';
  const began = performance.now();
  try {
    const response = await request(readVariables(), running.signal);
    if (response.headers.get('content-type').startsWith('text/event-stream')) {
      await readEvents(response.body);
    } else {
      show(await response.json());
    }
    byId('status').textContent = `${response.status} in ${Math.round(performance.now() - began)} ms`;
  } catch (error) {
    byId('status').textContent = error.name === 'AbortError' ? 'stopped' : String(error.message);
  }
  byId('stop').disabled = true;
}

byId('run').addEventListener('click', run);
byId('stop').addEventListener('click', () => running?.abort());
byId('role').addEventListener('change', () => void signIn());
byId('sign-in').addEventListener('submit', (event) => event.preventDefault());
byId('query').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void run();
});
