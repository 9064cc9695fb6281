// Saves what was typed while somebody pauses. The buttons of the page save as well: this is for batteries and lost signals.

const PAUSE = 3000;

export function saveByItself() {
  const form = document.querySelector('form[data-form]');
  const status = form?.querySelector('[data-status]');
  // Not form.action: the buttons have that name.
  const target = form?.getAttribute('action');
  // Before the first step is sent there is no draft to save.
  if (!status || !target.includes('?b=')) return;
  let timer;
  let leaving = false;

  async function save() {
    clearTimeout(timer);
    timer = undefined;
    if (leaving) return;
    const fields = new FormData(form);
    // Files travel once, with a button.
    for (const input of form.querySelectorAll('input[type=file]')) fields.delete(input.name);
    fields.delete('action');
    fields.set('auto-save', '1');
    status.textContent = form.dataset.saving;
    try {
      const answer = await fetch(target, { method: 'POST', body: fields, keepalive: true });
      status.textContent = answer.ok ? form.dataset.saved : form.dataset.unsaved;
    } catch {
      status.textContent = form.dataset.unsaved;
    }
  }

  function soon(event) {
    if (event.target.type === 'file' || event.target.name === 'resume-address') return;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }

  form.addEventListener('input', soon);
  form.addEventListener('change', soon);
  form.addEventListener('submit', () => {
    leaving = true;
    clearTimeout(timer);
  });
  window.addEventListener('pageshow', () => {
    leaving = false;
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && timer) save();
  });
}
