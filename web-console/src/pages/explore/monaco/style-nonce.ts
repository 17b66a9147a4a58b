// Monaco and the dialogs make <style> elements while they run. The policy of the page admits
// only those that carry the nonce of the answer.
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;
const createElement = document.createElement.bind(document);

document.createElement = (name: string, options?: ElementCreationOptions) => {
  const element = createElement(name, options);
  if (element instanceof HTMLStyleElement && nonce !== undefined) element.nonce = nonce;
  return element;
};

export {};
