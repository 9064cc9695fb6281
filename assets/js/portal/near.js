// While somebody types an address: is the same thing known already? The server writes the answer as a piece of the page.

const PAUSE = 700;

export function showKnown() {
  const box = document.querySelector('[data-near]');
  const address = document.querySelector('[data-place]');
  if (!box || !address) return;
  let timer;
  let asked = '';

  async function ask() {
    const value = (mark) => address.form.querySelector(mark).value;
    const question = new URLSearchParams({ address: address.value, lat: value('[data-lat]'), lon: value('[data-lon]') });
    if (question.toString() === asked) return;
    asked = question.toString();
    try {
      const answer = await fetch(`${box.dataset.near}&${question}`);
      if (!answer.ok) return;
      const words = await answer.text();
      // A later question may have overtaken this one.
      if (question.toString() === asked) box.innerHTML = words;
    } catch {
      asked = ''; // no signal: the summary shows the same
    }
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  }
  address.addEventListener('input', soon);
  address.addEventListener('place', soon);
  if (address.value) ask();
}
