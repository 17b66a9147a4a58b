import { addressOf } from './shared';

/** An operation to copy, with where and as whom it is sent. */
export interface Copied {
  readonly origin: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | undefined;
  readonly isSubscription: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** As which role of the demo; null without a sign-in, `token` for a token that was pasted. */
  readonly signedInAs: string | null;
}

export type Language = 'curl' | 'JavaScript' | 'Python' | 'link';

/** Code that runs as it is. Tokens never get into it: it fetches the demo's, or reads `TOKEN`. */
export const writers: Readonly<Record<Language, (copied: Copied) => string>> = {
  curl: asCurl,
  JavaScript: asJavaScript,
  Python: asPython,
  link: addressOf,
};

function body({ query, variables, operationName }: Copied) {
  return {
    query,
    ...(Object.keys(variables).length === 0 ? {} : { variables }),
    ...(operationName === undefined ? {} : { operationName }),
  };
}

function headersOf({ isSubscription, headers }: Copied): Record<string, string> {
  return {
    'content-type': 'application/json',
    ...(isSubscription ? { accept: 'text/event-stream' } : {}),
    ...headers,
  };
}

function hasAuthorization({ headers }: Copied): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function asCurl(copied: Copied): string {
  const { origin, signedInAs, isSubscription } = copied;
  const lines: string[] = [];
  const signed = signedInAs !== null && !hasAuthorization(copied);
  if (signed && signedInAs !== 'token') {
    lines.push(
      `TOKEN=$(curl -s ${quote(`${origin}/auth/dev/token`)} -H 'content-type: application/json' \\`,
      `  -d ${quote(JSON.stringify({ role: signedInAs }))} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    );
  }
  lines.push(`curl -s${isSubscription ? 'N' : ''} ${quote(`${origin}/graphql`)} \\`);
  if (signed) lines.push(`  -H "authorization: Bearer $TOKEN" \\`);
  for (const [name, value] of Object.entries(headersOf(copied))) lines.push(`  -H ${quote(`${name}: ${value}`)} \\`);
  lines.push(`  -d ${quote(JSON.stringify(body(copied)))}`);
  return `${lines.join('\n')}\n`;
}

function asJavaScript(copied: Copied): string {
  const { origin, signedInAs, isSubscription } = copied;
  const signed = signedInAs !== null && !hasAuthorization(copied);
  const lines: string[] = [];
  if (signed && signedInAs === 'token') lines.push('const token = process.env.TOKEN;');
  if (signed && signedInAs !== 'token') {
    lines.push(
      `const signIn = await fetch('${origin}/auth/dev/token', {`,
      `  method: 'POST',`,
      `  headers: { 'content-type': 'application/json' },`,
      `  body: JSON.stringify({ role: '${signedInAs}' }),`,
      `});`,
      `const { access_token: token } = await signIn.json();`,
    );
  }
  const headers = Object.entries(headersOf(copied)).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  if (signed) headers.push('authorization: `Bearer ${token}`');
  lines.push(
    `const response = await fetch('${origin}/graphql', {`,
    `  method: 'POST',`,
    `  headers: {`,
    ...headers.map((header) => `    ${header},`),
    `  },`,
    `  body: JSON.stringify(${indent(JSON.stringify(body(copied), null, 2), '  ')}),`,
    `});`,
  );
  lines.push(
    isSubscription
      ? `for await (const text of response.body.pipeThrough(new TextDecoderStream())) console.log(text);`
      : `console.log(JSON.stringify(await response.json(), null, 2));`,
  );
  return `${lines.join('\n')}\n`;
}

function asPython(copied: Copied): string {
  const { origin, signedInAs, isSubscription } = copied;
  const signed = signedInAs !== null && !hasAuthorization(copied);
  const lines = ['import json', ...(signedInAs === 'token' ? ['import os'] : []), 'from urllib.request import Request, urlopen', ''];
  if (signed && signedInAs === 'token') lines.push('token = os.environ["TOKEN"]');
  if (signed && signedInAs !== 'token') {
    lines.push(
      `sign_in = Request("${origin}/auth/dev/token", json.dumps({"role": "${signedInAs}"}).encode(), {"content-type": "application/json"})`,
      `token = json.load(urlopen(sign_in))["access_token"]`,
    );
  }
  const headers = Object.entries(headersOf(copied)).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  if (signed) headers.push('"authorization": f"Bearer {token}"');
  lines.push(
    `body = json.loads(r"""${JSON.stringify(body(copied))}""")`,
    `request = Request("${origin}/graphql", json.dumps(body).encode(), {${headers.join(', ')}})`,
    ...(isSubscription
      ? ['for line in urlopen(request):', '    print(line.decode(), end="")']
      : ['print(json.dumps(json.load(urlopen(request)), indent=2))']),
  );
  return `${lines.join('\n')}\n`;
}

function indent(text: string, by: string): string {
  return text.replaceAll('\n', `\n${by}`);
}
