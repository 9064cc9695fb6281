// Puts a placeholder where one was writing. Without this the list of placeholders is there to be copied.

let field = document.getElementById('body');

document.addEventListener('focusin', ({ target }) => {
  if (target.id === 'subject' || target.id === 'body') field = target;
});

for (const button of document.querySelectorAll('button[data-insert]')) {
  button.hidden = false;
  button.addEventListener('click', () => {
    field.focus();
    field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, 'end');
    // The preview listens to what is typed.
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}
