import type { Tone } from '../../design/badge';
import type { AuthMode, ConnectionStatus, SecretAccessOutcome } from './operations.generated';

export const STATUSES: { readonly [Status in ConnectionStatus]: string } = {
  ACTIVE: 'Active',
  REVOKED: 'Revoked',
};

export const AUTH_MODES: { readonly [Mode in AuthMode]: string } = {
  OAUTH2_CLIENT_CREDENTIALS: 'OAuth 2.0 client credentials',
  API_KEY: 'API key',
  CONNECTION_STRING: 'Connection string',
  WEBHOOK_URL: 'Webhook URL',
};

export const OUTCOMES: { readonly [Outcome in SecretAccessOutcome]: readonly [Tone, string] } = {
  GRANTED: ['good', 'Shown'],
  DENIED: ['warning', 'Refused: it was revoked'],
  FAILED: ['bad', 'Could not be opened'],
};
