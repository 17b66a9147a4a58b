import type { IdentityKind } from './operations.generated';

/** What identities are called here. */
export const IDENTITY_KINDS: { readonly [Kind in IdentityKind]: string } = {
  EMAIL: 'Email',
  PHONE: 'Phone',
  EXTERNAL_ID: 'Id in your system',
  FACEBOOK_PSID: 'Facebook page',
  INSTAGRAM_IGSID: 'Instagram account',
  WHATSAPP_WA_ID: 'WhatsApp number',
  TELEGRAM_ID: 'Telegram',
  ANONYMOUS_ID: 'Anonymous visitor',
};

/** Customers whom nobody has named yet are known by their id. */
export function nameOf({ id, displayName, email, phone }: {
  readonly id: string;
  readonly displayName: string | null;
  readonly email?: string | null;
  readonly phone?: string | null;
}): string {
  return displayName ?? email ?? phone ?? id;
}
