// A citizen without a mouse sends two forms of the Sportello: every stop of the focus is seen, none of them is a trap, and every
// field is reached and answered with keys, the choice of a file and the stars of the rating too.
//
// Environment beside that of desk.mjs: WIDTH.

import assert from 'node:assert/strict';
import { ANSWERS, CITIZEN, PHOTO } from './citizen.mjs';
import { BASE, run } from './desk.mjs';
import { HEIGHT, flaws } from './flaws.mjs';

const PORTAL = `${BASE}/sportello/ente`;
const width = Number(process.env.WIDTH);
/** More stops than any page has. */
const ROUND = 80;

await run({ viewport: { width, height: HEIGHT } }, async (page, complaints) => {
  // From the start: whoever asks for it at the moment of the press may be too late.
  page.on('filechooser', (chooser) => chooser.setFiles(PHOTO));
  for (const kind of ['disruption', 'complaint']) {
    await page.goto(`${PORTAL}/${kind}`);
    await skipTheFrame(page);
    await send(page, kind);
    await rate(page);
    complaints.push(...(await flaws(page)).map((flaw) => `rated, ${flaw}`));
    await page.setViewportSize({ width, height: HEIGHT });
  }
});

/** The first press of Tab offers the content. */
async function skipTheFrame(page) {
  await page.keyboard.press('Tab');
  assert.deepEqual(await here(page), { id: '', is: 'a', words: 'Vai al contenuto', seen: true });
  await page.keyboard.press('Enter');
  assert.equal((await here(page)).id, 'main');
}

async function send(page, kind) {
  // With nothing answered: the summary of the errors has the focus, and its link leads to the field.
  await press(page, 'Avanti');
  await page.locator('#errors').waitFor();
  assert.equal((await here(page)).id, 'errors');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal((await here(page)).id, 'privacy');
  await page.keyboard.press('Space');
  assert.ok(await page.locator('#privacy').isChecked());
  await backAndForth(page);
  await press(page, 'Avanti');
  await page.waitForURL('**/2?b=*');
  await answer(page);
  await press(page, 'Avanti');
  await page.waitForURL('**/3?b=*');
  for (const [name, words] of Object.entries({ ...CITIZEN, email: `anna.${kind}@libero.example` })) {
    if (await page.locator(`#${name}`).count()) await type(page, name, words);
  }
  await choose(page, 'told_by');
  await press(page, 'Avanti');
  await page.waitForURL('**/4?b=*');
  await reach(page, '#terms');
  await page.keyboard.press('Space');
  await press(page, 'Invia');
  await page.waitForURL('**/inviata?b=*');
}

/** Every question of the second step, as it is asked. */
async function answer(page) {
  if (await page.locator('input[type=file]').count()) {
    await reach(page, 'input[type=file]');
    // It is stored as soon as it is chosen, and the page comes anew.
    await page.keyboard.press('Enter');
    await page.locator('.files li').first().waitFor();
  }
  const groups = await page.locator('fieldset.group input[type=radio]').evaluateAll((all) => all.map(({ name }) => name));
  for (const group of new Set(groups)) await choose(page, group);
  for (const id of await page.locator('main .form select').evaluateAll((all) => all.map((list) => list.id))) {
    await reach(page, `#${id}`);
    await page.keyboard.press('ArrowDown');
    assert.notEqual(await page.locator(`#${id}`).inputValue(), '');
  }
  for (const missing of await page.locator('input[name$=_missing]').evaluateAll((all) => all.map(({ id }) => id))) {
    await reach(page, `#${missing}`);
    await page.keyboard.press('Space');
  }
  for (const [name, words] of Object.entries(ANSWERS)) {
    if (await page.locator(`#${name}`).count()) await type(page, name, words);
  }
}

/** Four stars: into the group with Tab, to the star with the arrows, out of it and onto the button. */
async function rate(page) {
  await choose(page, 'rating');
  for (let star = 1; star < 4; star += 1) await page.keyboard.press('ArrowRight');
  assert.equal(await page.locator('input[name=rating]:checked').inputValue(), '4');
  await type(page, 'note', 'Facile anche senza mouse.');
  await press(page, 'Invia la valutazione');
  await page.locator('#rating [role=status]').waitFor();
}

/** The first of a group of radio buttons. */
async function choose(page, name) {
  const [first, checked] = [`input[name=${name}]`, `input[name=${name}]:checked`];
  // Tab enters a group at what is chosen.
  await reach(page, (await page.locator(checked).count()) ? checked : first);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Space');
  assert.equal(await page.locator(checked).count(), 1, `nothing is chosen of ${name}`);
}

async function type(page, id, words) {
  await reach(page, `#${id}`);
  await page.keyboard.press('Control+a');
  await page.keyboard.type(words);
  assert.equal(await page.locator(`#${id}`).inputValue(), words);
}

async function press(page, words) {
  const named = (found) => found.is === 'button' && found.words === words;
  await goUntil(page, async () => named(await here(page)), words);
  await page.keyboard.press('Enter');
}

async function reach(page, selector) {
  const there = (wanted) => document.activeElement?.matches(wanted);
  await goUntil(page, () => page.evaluate(there, selector), selector);
}

/** Goes on from wherever the focus is, around the page once at most. */
async function goUntil(page, arrived, what) {
  for (let stop = 0; stop < ROUND; stop += 1) {
    if (await arrived()) return;
    await page.keyboard.press('Tab');
    let stopped = await here(page);
    // What unfolds when it gets the focus, and what the page scrolls to, takes a busy machine a moment.
    for (let waited = 0; !stopped.seen && waited < 20; waited += 1) {
      await page.waitForTimeout(50);
      stopped = await here(page);
    }
    assert.ok(stopped.seen, `the focus is not seen on ${stopped.is}#${stopped.id} «${stopped.words}»`);
  }
  assert.fail(`no key leads to ${what}`);
}

/** Shift and Tab lead back by the same stops. */
async function backAndForth(page) {
  const stops = [await here(page)];
  for (let n = 0; n < 2; n += 1) {
    await page.keyboard.press('Tab');
    stops.push(await here(page));
  }
  for (const stop of stops.slice(0, -1).reverse()) {
    await page.keyboard.press('Shift+Tab');
    assert.deepEqual(await here(page), stop);
  }
}

/** Where the focus is, and whether one sees it once it is painted; past the end of the page it is nowhere, which hides nothing. */
async function here(page) {
  return page.evaluate(async () => {
    await new Promise((painted) => { requestAnimationFrame(() => requestAnimationFrame(painted)); });
    const element = document.activeElement;
    if (!element || element === document.body) return { id: '', is: 'body', words: '', seen: true };
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    const ringed = (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
    const { top, left, right, bottom, width, height } = element.getBoundingClientRect();
    const inSight = top < innerHeight && bottom > 0 && left < innerWidth && right > 0 && width > 1 && height > 1;
    const words = element.matches('a, button, summary') ? element.innerText.trim() : '';
    return { id: element.id, is: element.localName, words, seen: ringed && inSight };
  });
}
