// What follows after a form: the tracking page in three languages, the answer with a photo, the contest of a closed request, the
// withdrawal, the door with number and code, who only follows, notices, a link that is over. Every page is looked at by axe.
//
// Environment beside that of desk.mjs: PLACES, where each is (tests/it/browser/citizens.rs).

import assert from 'node:assert/strict';
import { PHOTO } from './citizen.mjs';
import { BASE, run } from './desk.mjs';
import { HEIGHT, flaws } from './flaws.mjs';

const PORTAL = `${BASE}/sportello/ente`;
const places = JSON.parse(process.env.PLACES);
const VIEWPORT = { width: 390, height: HEIGHT };

await run({ viewport: VIEWPORT }, async (page, complaints) => {
  const look = async (name) => {
    complaints.push(...(await flaws(page)).map((flaw) => `${name}, ${flaw}`));
    await page.setViewportSize(VIEWPORT);
  };
  const open = async (place, language, words) => {
    await page.goto(`${BASE}${place}?lang=${language}`);
    assert.equal(await page.getAttribute('html', 'lang'), language);
    for (const word of words) await page.getByText(word).first().waitFor();
  };

  await open(places.open, 'it', ['In lavorazione', 'la squadra passa giovedì', 'Sciopero del 4 marzo']);
  await look('open');
  await open(places.open, 'en', ['In progress', 'la squadra passa giovedì']);
  await look('open, English');
  await open(places.open, 'de', ['In Bearbeitung', 'Streik am 4. März']);
  await look('open, German');
  await answer(page, look);
  await contest(page, open, look);
  await tellNothing(page, open);
  await byNumber(page, look);
  await withdraw(page, look);

  await open(places.neighbour, 'it', ['Segnalazione che segui']);
  assert.doesNotMatch(await page.locator('main').innerText(), /Anna|2026\/|squadra/);
  await look('neighbour');
  await open(places.neighbour, 'de', []);
  await look('neighbour, German');
  await open(places.reader, 'it', ['Sciopero del 4 marzo']);
  await look('reader of a notice');
  await page.goto(`${PORTAL}/avvisi?lang=it`);
  await look('notices');
  await page.locator('main').getByRole('link', { name: 'Sciopero del 4 marzo' }).click();
  await page.getByText('Tieni in casa i sacchi.').waitFor();
  await look('notice');
  await open(places.notice, 'de', ['Am Mittwoch wird nicht gesammelt.']);
  await look('notice, German');
  await overdue(page, open, look);
});

/** Nothing said, then a photo kept first and sent with words. */
async function answer(page, look) {
  await page.goto(`${BASE}${places.open}?lang=it`);
  const form = page.locator('form[action*="/risposta"]');
  await form.locator('button[value=send]').click();
  await page.locator('#text-error').waitFor();
  await look('answer without words');
  await form.locator('input[type=file]').setInputFiles(PHOTO);
  await form.locator('button[value=keep]').click();
  await page.locator('#answer ~ form .files li', { hasText: PHOTO.name }).waitFor();
  await look('answer, photo kept');
  await form.locator('textarea').fill('Ecco la foto: è il cassonetto verde.');
  await form.locator('button[value=send]').click();
  const mine = page.locator('.msg--own', { hasText: 'Ecco la foto' });
  await mine.waitFor();
  const photo = mine.getByRole('img', { name: PHOTO.name });
  await photo.scrollIntoViewIfNeeded();
  await page.waitForFunction((image) => image.complete && image.naturalWidth > 0, await photo.elementHandle());
  await look('answered');
}

async function contest(page, open, look) {
  await open(places.closed, 'de', ['Abgeschlossen']);
  await look('closed, German');
  await open(places.closed, 'it', ['Chiusa']);
  await look('closed');
  await page.goto(`${BASE}${places.closed}?lang=de`);
  await page.fill('#contest', 'Der Container ist noch immer voll.');
  await page.locator('form[action$="/contesta"] button').click();
  await page.locator('.box--success').waitFor();
  assert.equal(await page.locator('#contest').count(), 0, 'once for each time that it is closed');
  await look('contested, German');
}

async function tellNothing(page, open) {
  await open(places.open, 'it', []);
  await page.check('#tell-nothing');
  await page.locator('form[action$="/avvisi"] button').click();
  await page.getByText('Scelta salvata.').waitFor();
  assert.ok(await page.isChecked('#tell-nothing'));
}

/** Wrong first, then as they stand in the letter. */
async function byNumber(page, look) {
  await page.goto(`${PORTAL}/segui?lang=it`);
  await look('door');
  const open = async (code) => {
    await page.fill('#number', places.number);
    await page.fill('#code', code);
    await page.getByRole('button', { name: 'Apri' }).click();
  };
  await open('BBBB-BBBB');
  await page.locator('[role=alert]').waitFor();
  await look('door, wrong');
  await open(places.code.toLowerCase());
  await page.waitForURL('**/segui/*');
  await page.getByRole('heading', { name: places.number }).waitFor();
}

async function withdraw(page, look) {
  await page.locator('a[href$="/ritira"]').click();
  await look('withdraw?');
  await page.fill('#text', 'Ho risolto da solo.');
  await page.locator('form[action$="/ritira"] button').click();
  await page.getByText('La richiesta è ritirata.').waitFor();
  await page.locator('.state', { hasText: 'Ritirata' }).waitFor();
  await look('withdrawn');
}

/** The link of a request that was closed long ago tells nothing, and offers another. */
async function overdue(page, open, look) {
  await open(places.expired, 'it', ['Questo link non è più valido']);
  await look('over');
  await page.fill('#again-number', '2026/000001');
  await page.fill('#again-email', 'franco@libero.example');
  await page.getByRole('button', { name: 'Mandami il link' }).click();
  await page.locator('#again ~ [role=status]').waitFor();
  await look('asked again');
  await open(places.expired, 'de', ['Dieser Link ist nicht mehr gültig']);
  await look('over, German');
}
