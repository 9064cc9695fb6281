// Saves what was typed while somebody pauses. The buttons of the page save as well: this is for batteries and lost signals.
// What could not be saved is tried again until it is; and without a network no button leads away from what is only here.

const PAUSE = 3000;
const AGAIN = 10_000;

export function saveByItself() {
  const form = document.querySelector('form[data-form]');
  const status = form?.querySelector('[data-status]');
  if (!status) return;
  // Not form.action: the buttons have that name.
  const target = form.getAttribute('action');
  // Before the first step is sent there is no draft to save.
  const begun = target.includes('?b=');
  let timer;
  let unsaved = false;
  let saving = false;
  let leaving = false;

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }

  async function sent() {
    const fields = new FormData(form);
    // Files travel once, with a button.
    for (const input of form.querySelectorAll('input[type=file]')) fields.delete(input.name);
    fields.delete('action');
    try {
      return (await fetch(`${target}&auto-save=1`, { method: 'POST', body: fields, keepalive: true })).ok;
    } catch {
      return false;
    }
  }

  async function save() {
    clearTimeout(timer);
    timer = undefined;
    // The attempt under way comes back to what was typed meanwhile.
    if (leaving || saving || !unsaved) return;
    saving = true;
    unsaved = false;
    status.textContent = form.dataset.saving;
    const done = await sent();
    saving = false;
    if (done) {
      status.textContent = form.dataset.saved;
      if (unsaved && !timer) later(PAUSE);
      return;
    }
    unsaved = true;
    status.textContent = navigator.onLine === false ? form.dataset.offline : form.dataset.unsaved;
    later(AGAIN);
  }

  function typed(event) {
    if (!begun || event.target.type === 'file' || event.target.name === 'resume-address') return;
    unsaved = true;
    later(PAUSE);
  }

  form.addEventListener('input', typed);
  form.addEventListener('change', typed);
  form.addEventListener('submit', (event) => {
    if (navigator.onLine === false) {
      event.preventDefault();
      // For everybody else it was not sent, and may be pressed again.
      event.stopImmediatePropagation();
      status.textContent = form.dataset.offline;
      status.scrollIntoView({ block: 'nearest' });
      return;
    }
    leaving = true;
    clearTimeout(timer);
  });
  window.addEventListener('online', () => {
    if (unsaved) save();
    else if (status.textContent === form.dataset.offline) status.textContent = '';
  });
  window.addEventListener('pageshow', () => {
    leaving = false;
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') save();
  });
}
