// An operator's morning, with JavaScript or without (JAVASCRIPT=on|off): the same steps, the same words on the page.

import assert from 'node:assert/strict';
import { BASE, NEW_PASSWORD, PASSWORD, choosePassword, run, signIn } from './desk.mjs';

const javaScriptEnabled = process.env.JAVASCRIPT === 'on';
/** Shorter than the answer to a reply takes on the slow line of tests/it/browser.rs. */
const BETWEEN_PRESSES_MS = 300;

await run({ javaScriptEnabled, viewport: { width: 1366, height: 900 } }, async (page) => {
  await comeIn(page);
  await useTheKeyboard(page);
  await findTheOrder(page);
  await useTheKeyboard(page);
  await sayWhoItIs(page);
  await answer(page);
  await note(page);
  await handOver(page);
  await readTheHistory(page);
  await leave(page);
});

async function comeIn(page) {
  await page.goto(`${BASE}/desk/queue?assignee=none`);
  await page.waitForURL('**/desk/login?next=*');
  await useTheKeyboard(page);
  await signIn(page, PASSWORD);
  await page.waitForURL('**/desk/password');
  await page.goto(`${BASE}/desk/queue`);
  await page.waitForURL('**/desk/password');
  await choosePassword(page);
}

async function findTheOrder(page) {
  const orders = page.getByRole('table').getByRole('rowheader');
  assert.equal(await orders.count(), 3, 'the closed one is not in the way');
  await page.getByLabel('Parole dell’oggetto').fill('COMPOSTIERA');
  await page.getByLabel('Stato').selectOption({ label: 'Nuovo' });
  await page.getByRole('button', { name: 'Filtra' }).click();
  await page.waitForURL('**q=COMPOSTIERA*');
  assert.deepEqual(await orders.allInnerTexts(), ['2026/000003']);
  await page.getByRole('link', { name: /togli il filtro/ }).first().click();
  await page.waitForURL((url) => url.search !== '' && ![...url.searchParams.values()].includes('new'));
  await page.getByRole('link', { name: '2026/000003' }).click();
  await page.getByRole('heading', { level: 1, name: 'Ritiro della compostiera' }).waitFor();
}

async function sayWhoItIs(page) {
  const taxpayer = page.locator('#taxpayer');
  await taxpayer.getByLabel(/Aggiungi antonio.m@posta.example/).check();
  await taxpayer.getByRole('button', { name: /^Scegli.*Martini Antonio$/ }).click();
  await done(page, 'Contribuente scelto.');
  await taxpayer.getByRole('link', { name: 'Martini Antonio' }).waitFor();
  assert.match(await taxpayer.innerText(), /UT-3[^]*antonio\.m@posta\.example/);
}

/** Pressed twice. With JavaScript the second press does nothing; without, the server sees that it is the same reply. */
async function answer(page) {
  let sent = 0;
  page.on('request', (request) => { if (request.url().endsWith('/replies')) sent += 1; });
  const reply = page.locator('#reply');
  const text = reply.getByLabel('Testo della risposta');
  await text.fill('Gentile signor Martini,\nla compostiera si ritira il giovedì.');
  const buffer = Buffer.from('%PDF-1.7');
  await reply.getByLabel('Allegati').setInputFiles({ name: 'orari.pdf', mimeType: 'application/pdf', buffer });
  if (javaScriptEnabled) {
    await text.press('Control+Enter', { noWaitAfter: true });
    await page.waitForTimeout(BETWEEN_PRESSES_MS);
    await page.keyboard.press('Control+Enter');
  } else {
    await reply.getByRole('button', { name: 'Invia', exact: true }).dblclick({ delay: BETWEEN_PRESSES_MS, noWaitAfter: true });
  }
  await done(page, 'Risposta registrata');
  assert.equal(sent, javaScriptEnabled ? 1 : 2);
  const ours = page.locator('article', { hasText: 'la compostiera si ritira il giovedì.' });
  assert.equal(await ours.count(), 1);
  assert.match(await ours.innerText(), /orari\.pdf[^]*In coda/);
  assert.equal(await text.inputValue(), '');
}

async function note(page) {
  await page.locator('#note summary').click();
  await page.getByLabel('Testo della nota').fill('Compostiera numero 14.');
  if (javaScriptEnabled) await page.keyboard.press('Control+Enter');
  else await page.getByRole('button', { name: 'Salva la nota' }).click();
  await done(page, 'Nota salvata.');
  assert.match(await page.locator('article').last().innerText(), /Nota interna[^]*Giulia Ferrari[^]*Compostiera numero 14/i);
}

async function handOver(page) {
  const handling = page.getByRole('form', { name: 'Gestione dell’ordine' });
  await handling.getByLabel('Stato').selectOption({ label: 'In attesa' });
  await handling.getByLabel('Assegnato a').selectOption({ label: 'Giulia Ferrari' });
  await handling.getByRole('button', { name: 'Aggiorna' }).click();
  await done(page, 'Ordine di lavoro aggiornato.');
  assert.equal(await handling.getByLabel('Stato').inputValue(), 'waiting');
  await page.goto(`${BASE}/desk/queue?assignee=me`);
  assert.match(await page.getByRole('row', { name: '2026/000003' }).innerText(), /Martini Antonio[^]*In attesa[^]*Giulia Ferrari/);
}

async function readTheHistory(page) {
  await page.getByRole('link', { name: '2026/000003' }).click();
  const history = page.locator('#history');
  await history.waitFor();
  const said = await history.innerText();
  for (const what of ['Contribuente cambiato', 'Risposta scritta', 'Nota interna scritta', 'Stato cambiato', 'Assegnato a Giulia Ferrari']) {
    assert.ok(said.includes(what), `${what}: ${said}`);
  }
}

async function leave(page) {
  await page.getByRole('button', { name: 'Esci' }).click();
  await page.waitForURL('**/desk/login*');
  await page.goto(`${BASE}/desk/work-orders/2026-000003`);
  await page.waitForURL('**/desk/login?next=*');
  await signIn(page, NEW_PASSWORD);
  await page.waitForURL('**/desk/work-orders/2026-000003');
}

/** The first press of Tab offers to skip the frame; then each stop of the page is seen. */
async function useTheKeyboard(page) {
  const stop = () => page.evaluate(seen);
  await page.locator('body').evaluate((body) => { body.ownerDocument.activeElement?.blur(); });
  await page.keyboard.press('Tab');
  assert.deepEqual(await stop(), { name: 'Vai al contenuto', visible: true });
  await page.keyboard.press('Enter');
  await page.waitForURL('**#main');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');

  const stops = new Set();
  for (;;) {
    await page.keyboard.press('Tab');
    const here = await stop();
    if (!here) break;
    assert.ok(here.visible, `the focus is not seen on: ${here.name}`);
    stops.add(here.name);
    assert.ok(stops.size < 100, 'the focus goes round in circles');
  }
  assert.ok(stops.size > 3, [...stops].join());
}

/** Runs in the page: where the focus is, and whether one sees it; null past the end. */
function seen() {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
  const ringed = (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
  const { width, height, bottom, right, top } = element.getBoundingClientRect();
  const inSight = width > 1 && height > 1 && bottom > 0 && right > 0 && top < window.innerHeight;
  return { name: element.labels?.[0]?.innerText ?? element.innerText.trim(), visible: ringed && inSight };
}

async function done(page, words) {
  await page.locator('.alert-success', { hasText: words }).waitFor();
}
