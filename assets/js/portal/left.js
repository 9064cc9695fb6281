// How many characters a text may still have. For eyes only: the limit itself stands in the hint, which is read aloud once.

export function countLeft() {
  for (const text of document.querySelectorAll('textarea[data-left]')) {
    const left = document.createElement('p');
    left.className = 'quiet';
    left.setAttribute('aria-hidden', 'true');
    text.after(left);
    const show = () => {
      left.textContent = `${text.dataset.left} ${text.maxLength - [...text.value].length}`;
    };
    text.addEventListener('input', show);
    show();
  }
}
