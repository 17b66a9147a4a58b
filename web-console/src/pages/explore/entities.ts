// In the place of a table of all character references: the browser has one already. It only
// reads them in descriptions, and the document that it makes of them runs nothing.
export function decodeHTMLStrict(text: string): string {
  return new DOMParser().parseFromString(text.replaceAll('<', '&lt;'), 'text/html').body.textContent ?? text;
}
