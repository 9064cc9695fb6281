// The form of a notification on IO: counters while one types, and a preview that follows. Without it the server counts when the
// form is sent, and a button shows the preview.

/** Milliseconds after the last key before the preview is asked for again. */
const PAUSE = 600;

const form = document.querySelector('form[data-io-form]');
if (form) {
  const counters = [...form.querySelectorAll('[data-count]')];
  const count = () => counters.forEach((counter) => show(counter, form));
  let waiting;
  let asked;
  form.addEventListener('input', () => {
    count();
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      asked?.abort();
      asked = new AbortController();
      await refresh(form, asked.signal);
      count();
    }, PAUSE);
  });
  count();
}

/** How far a text is from its bounds, counted as IO counts: in UTF-16 units, of which JavaScript's lengths are made. */
function show(counter, form) {
  const { count: name, min, max } = counter.dataset;
  // The server takes the spaces around a text away before it sends it.
  let length = form.elements[name].value.trim().length;
  if (name === 'body') length += Number(form.querySelector('[data-io-preview]')?.dataset.front ?? 0);
  const words = sentence(length, Number(min), Number(max));
  if (counter.textContent !== words) counter.textContent = words;
  counter.classList.toggle('io-count--wrong', length > Number(max));
}

/** The same words as the server's (`domain::io::text::Standing`). */
function sentence(length, min, max) {
  const missing = min - length;
  const left = max - length;
  if (missing === 1) return 'manca ancora 1 carattere';
  if (missing > 1) return `mancano ancora ${missing} caratteri`;
  if (left === 1) return 'resta 1 carattere';
  if (left >= 0) return `restano ${left} caratteri`;
  return left === -1 ? '1 carattere di troppo' : `${-left} caratteri di troppo`;
}

/** Asks the server for the preview of what is typed, and puts it in the place of the old one. Nothing is saved. */
async function refresh(form, signal) {
  const fields = new URLSearchParams(new FormData(form));
  fields.set('act', 'preview');
  try {
    const answer = await fetch(form.action, { method: 'POST', body: fields, signal });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const part of ['[data-io-preview]', '[data-io-hints]']) {
      const [old, fresh] = [form.querySelector(part), page.querySelector(part)];
      if (old && fresh) old.replaceWith(fresh);
    }
  } catch (error) {
    // The line, or another key: the next one asks again.
    if (error.name !== 'AbortError' && error.name !== 'TypeError') throw error;
  }
}
