// How citizens are told of progress: the rules, a text with its preview, and an operator who tells. With JavaScript or without
// (JAVASCRIPT=on|off) the same steps; with it every page is looked at by axe.
//
// Numbers and people as in tests/it/browser/updates.rs.

import assert from 'node:assert/strict';
import { BASE, PASSWORD, choosePassword, run, signIn } from './desk.mjs';
import { HEIGHT, WIDTHS, flaws, picture } from './flaws.mjs';

const javaScriptEnabled = process.env.JAVASCRIPT === 'on';

await run({ javaScriptEnabled, viewport: { width: WIDTHS[0], height: HEIGHT } }, async (page, complaints) => {
  const look = async (name) => {
    await picture(page, name);
    if (javaScriptEnabled) complaints.push(...(await flaws(page)).map((flaw) => `${name}, ${flaw}`));
  };
  await page.goto(`${BASE}/desk/login`);
  await signIn(page, PASSWORD);
  await choosePassword(page);
  await setRules(page, look);
  await writeText(page, look);
  await tell(page, look);
});

async function setRules(page, look) {
  await page.getByRole('link', { name: 'Amministrazione' }).click();
  await page.getByRole('link', { name: 'Canali' }).click();
  await page.getByRole('heading', { level: 1, name: 'Aggiornamenti ai cittadini' }).waitFor();
  await look('rules');
  await page.getByLabel('Servizio di IO con cui si avvisa').selectOption({ label: 'Segnalazioni, suggerimenti e reclami' });
  await page.getByLabel('Nuova scadenza').selectOption({ label: 'Per posta elettronica' });
  await page.getByRole('button', { name: 'Salva' }).click();
  await page.getByText('Modifiche salvate.').waitFor();
  await page.getByLabel('Regole per').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Mostra' }).click();
  await page.waitForURL('**/updates?kind=*');
  assert.match(await page.getByLabel('Nuova scadenza').innerText(), /Come per tutte: per posta elettronica/);
  await page.getByLabel('Riaperta').selectOption({ label: 'Nessun avviso' });
  await page.getByRole('button', { name: 'Salva' }).click();
  await page.getByText('Modifiche salvate.').waitFor();
  assert.match(await page.getByLabel('Regole per').innerText(), /una regola sua/);
  await look('rules of a kind');
}

async function writeText(page, look) {
  await page.getByRole('link', { name: 'Testi degli aggiornamenti' }).click();
  await look('texts');
  await page.getByRole('link', { name: /Presa in carico, IO, Italiano/ }).click();
  await page.getByText('Testo di serie').waitFor();
  await look('text for IO');
  await page.getByLabel('Titolo').fill('Ci siamo');
  await page.getByLabel('Testo', { exact: true }).fill('Breve ');
  if (javaScriptEnabled) {
    await page.getByRole('button', { name: 'Inserisci {numero}' }).click();
    assert.equal(await page.getByLabel('Testo', { exact: true }).inputValue(), 'Breve {numero}');
    // Nobody presses "Anteprima": it is drawn when one stops typing.
    await page.locator('.io-app__body', { hasText: 'Breve 2026/000123' }).waitFor();
    await page.getByText('mancano ancora').first().waitFor();
  } else {
    assert.equal(await page.getByRole('button', { name: /^Inserisci/ }).count(), 0);
    await page.getByRole('button', { name: 'Anteprima' }).click();
    await page.locator('.io-app__body', { hasText: 'Breve' }).waitFor();
  }
  await page.getByRole('button', { name: 'Salva' }).click();
  await page.getByRole('alert').waitFor();
  assert.match(await page.title(), /^Errore:/);
  await look('text for IO, with flaws');
  await page.getByLabel('Titolo').fill('Stiamo lavorando alla tua richiesta');
  await page.getByLabel('Testo', { exact: true }).fill(
    'La tua richiesta {numero}, arrivata il {ricevuta}, è stata **presa in carico** da un operatore.\nTi rispondiamo entro il {entro}.',
  );
  await page.getByRole('button', { name: 'Salva' }).click();
  await page.getByText('Modifiche salvate.').waitFor();
  await page.getByText('Testo dell’ente', { exact: true }).waitFor();
  await look('text for IO, own');
  await page.goto(`${BASE}/desk/admin/updates/texts/appointment/mail/it`);
  await look('text of a letter');
}

async function tell(page, look) {
  await page.goto(`${BASE}/desk/work-orders/2026-000001`);
  const panel = page.locator('#update');
  await panel.locator('summary').click();
  assert.match(await panel.innerText(), /Su IO; se IO non lo raggiunge, per posta elettronica/);
  assert.equal(await panel.getByLabel('Dove').isVisible(), false, 'nothing is chosen yet');
  await panel.getByLabel('C’è un appuntamento').check();
  assert.equal(await panel.getByLabel('Dove').isVisible(), true);
  assert.equal(await panel.getByLabel('A chi è stata inoltrata').isVisible(), false);
  await look('work order, about to tell');
  await panel.getByLabel('Dove').fill('Via Solferino 12');
  await panel.getByRole('button', { name: 'Avvisa il cittadino' }).click();
  await page.getByText('Il cittadino non è stato avvisato.').waitFor();
  assert.match(await page.title(), /^Errore:/);
  assert.equal(await panel.getByLabel('Dove').inputValue(), 'Via Solferino 12');
  await look('work order, told too little');
  await panel.getByLabel('Giorno e ora').fill('2026-03-05T10:30');
  await panel.getByRole('button', { name: 'Avvisa il cittadino' }).click();
  await page.getByText('Avviso registrato').waitFor();
  const update = page.locator('.message', { hasText: 'Aggiornamento su IO: appuntamento' });
  assert.match(await update.innerText(), /In coda/);
  assert.match(await update.innerText(), /05\/03\/2026, ore 10:30/);
  await look('work order, told');
}
