import type { Tone } from '../../design/badge';
import type { AppStatus, ChannelKind, SignatureScheme, SourceKind, WebhookEventStatus } from './operations.generated';

export const APP_TONES: { readonly [Status in AppStatus]: Tone } = {
  DRAFT: 'neutral',
  ACTIVE: 'good',
  PAUSED: 'warning',
  ARCHIVED: 'neutral',
};

export const SOURCE_KINDS: { readonly [Kind in SourceKind]: string } = {
  META_PAGE: 'Messenger of a Facebook page',
  META_INSTAGRAM: 'Instagram account',
  META_WHATSAPP: 'WhatsApp Business',
  HMAC_GENERIC: 'Any sender that signs',
};

/** The header that carries the signature over the raw body. */
export const SIGNATURES: { readonly [Scheme in SignatureScheme]: string } = {
  X_HUB_SIGNATURE_256: 'X-Hub-Signature-256: sha256=<hex>',
  HMAC_SHA256: 'X-Signature-256: sha256=<hex>',
};

export const CHANNELS: { readonly [Kind in ChannelKind]: string } = {
  MESSENGER: 'Messenger',
  INSTAGRAM: 'Instagram',
  WHATSAPP: 'WhatsApp',
  TELEGRAM: 'Telegram',
  GENERIC: 'Other',
};

export const EVENT_STATUSES: { readonly [Status in WebhookEventStatus]: string } = {
  RECEIVED: 'Received',
  PROCESSING: 'Processing',
  PROCESSED: 'Processed',
  FAILED: 'Failed',
  DEAD: 'Failed for good',
};

export const EVENT_TONES: { readonly [Status in WebhookEventStatus]: Tone } = {
  RECEIVED: 'info',
  PROCESSING: 'info',
  PROCESSED: 'good',
  FAILED: 'warning',
  DEAD: 'bad',
};
