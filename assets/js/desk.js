// What JavaScript adds to pages that work without it: small things, no framework.

import './io.js';

/** A form is sent once: a second press while the answer is on its way does nothing. */
let sent = new WeakSet();
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.method !== 'post') return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.add(form);
  event.submitter?.setAttribute('aria-disabled', 'true');
});

// A page that the Back button brings back alive may send its forms again.
window.addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  sent = new WeakSet();
  document.querySelectorAll('button[aria-disabled]').forEach((button) => button.removeAttribute('aria-disabled'));
});

/** Ctrl+Enter (or Cmd+Enter) in a text sends its form with the button marked for it. */
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.repeat) return;
  const form = event.target.closest?.('textarea')?.form;
  const button = form?.querySelector('button[data-ctrl-enter]');
  if (!button) return;
  event.preventDefault();
  form.requestSubmit(button);
});

/** Leaving a text that was written and not sent asks first, in the browser's own words. */
window.addEventListener('beforeunload', (event) => {
  const unsent = [...document.querySelectorAll('textarea[data-keep]')].some(
    (text) => text.value !== text.defaultValue && !sent.has(text.form),
  );
  if (unsent) event.preventDefault();
});
