// An operator writes on IO: the form with its mistakes, the preview, the notification's page and the archive; then to the people of
// two work orders. With JavaScript or without (JAVASCRIPT=on|off) the same steps; with it every page is looked at by axe.
//
// Numbers and people as in tests/it/browser/io.rs.

import assert from 'node:assert/strict';
import { BASE, PASSWORD, choosePassword, run, signIn } from './desk.mjs';
import { HEIGHT, WIDTHS, flaws, picture } from './flaws.mjs';

const javaScriptEnabled = process.env.JAVASCRIPT === 'on';
const SUBJECT = 'La tua segnalazione è stata presa in carico';
const TEXT = 'La tua segnalazione del 2 marzo è stata **presa in carico**: la squadra passa entro venerdì 6 marzo.\n\n' +
  '- porta fuori la carta\n- tieni libero il passo';

await run({ javaScriptEnabled, viewport: { width: WIDTHS[0], height: HEIGHT } }, async (page, complaints) => {
  const look = async (name) => {
    await picture(page, name);
    if (javaScriptEnabled) complaints.push(...(await flaws(page)).map((flaw) => `${name}, ${flaw}`));
  };
  await page.goto(`${BASE}/desk/login`);
  await signIn(page, PASSWORD);
  await choosePassword(page);
  await findNothing(page, look);
  await makeMistakes(page, look);
  await mendThem(page, look);
  await takeItBack(page, look);
  await browse(page, look);
  await writeToTwo(page, look);
});

async function findNothing(page, look) {
  await page.getByRole('link', { name: 'Notifiche IO' }).click();
  assert.equal(await page.getByRole('rowheader').count(), 1);
  await page.goto(`${BASE}/desk/io?state=uncertain`);
  await page.getByRole('heading', { name: 'Nessuna notifica con questi filtri' }).waitFor();
  await look('archive, nothing found');
  await page.getByRole('link', { name: 'Nuova notifica' }).click();
  await page.getByRole('heading', { level: 1, name: 'Nuova notifica' }).waitFor();
  await look('new');
}

async function makeMistakes(page, look) {
  await page.getByLabel('Codice fiscale della persona').fill('00743110157');
  await page.getByLabel('Titolo').fill('Ticket 12');
  if (javaScriptEnabled) await page.getByText('manca ancora 1 carattere').waitFor();
  await page.getByRole('button', { name: 'Aggiungi' }).click();
  await page.getByRole('alert').waitFor();
  assert.match(await page.title(), /^Errore:/);
  assert.match(await page.getByRole('alert').innerText(), /Scegli un servizio[^]*IO raggiunge solo le persone|IO raggiunge solo le persone[^]*Scegli un servizio/);
  await look('new, with mistakes');
}

async function mendThem(page, look) {
  await page.getByLabel('Oppure cercala nel registro').fill('riccomini');
  await page.getByRole('button', { name: 'Cerca', exact: true }).click();
  await page.getByRole('button', { name: 'Scegli Riccomini Emanuele' }).waitFor();
  await look('new, somebody found');
  await page.getByRole('button', { name: 'Scegli Riccomini Emanuele' }).click();
  await page.waitForFunction(() => document.querySelector('#recipient').value === 'RCCMNL83S18D969H');
  assert.equal(await page.getByLabel('Titolo').inputValue(), 'Ticket 12', 'what was typed stays');
  await page.getByLabel('Servizio').selectOption({ label: 'Segnalazioni, suggerimenti e reclami' });
  await page.getByLabel('Titolo').fill(SUBJECT);
  await page.getByLabel('Testo', { exact: true }).fill(TEXT);
  await page.getByLabel('Pulsante 1: che cosa c’è scritto').fill('Vai alla segnalazione');
  await page.getByLabel('Pulsante 1: che cosa apre').fill('https://ente.example/123');
  await page.getByRole('textbox', { name: /^Scadenza/ }).fill('31/03/2026');
  await page.getByLabel('Quanti giorni prima ricordarla').fill('3');
  await page.getByLabel('Importo in euro').fill('84,50');
  await page.getByLabel('Numero dell’avviso pagoPA').fill('302000000000000017');
  if (!javaScriptEnabled) await page.getByRole('button', { name: 'Anteprima' }).last().click();
  const app = page.getByRole('region', { name: 'Nell’app' });
  await app.getByText('84,50 €').waitFor();
  assert.match(await app.innerText(), /presa in carico[^]*porta fuori la carta[^]*Vai alla segnalazione/);
  await look('new, ready');
  await page.getByRole('button', { name: 'Aggiungi' }).click();
  await page.waitForURL('**/desk/io/messages/*');
}

async function takeItBack(page, look) {
  await page.getByText('Notifica in coda.').waitFor();
  await look('notification, in the queue');
  await page.getByRole('button', { name: 'Annulla l’invio' }).click();
  await page.getByText('nessuno l’ha ricevuta').waitFor();
  await look('notification, taken back');
  await page.getByRole('link', { name: 'Modifica' }).click();
  await page.getByRole('heading', { level: 1, name: 'Modifica la notifica' }).waitFor();
  await page.getByRole('button', { name: 'Salva come bozza' }).click();
  await page.getByText('non parte finché non la invii').waitFor();
  await look('notification, kept for later');
  await page.getByRole('link', { name: 'Modifica' }).click();
  await page.getByRole('heading', { level: 1, name: 'Modifica la notifica' }).waitFor();
  await page.getByLabel('Titolo').press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Modifica la notifica' }).waitFor();
  await page.getByRole('button', { name: 'Salva e invia' }).click();
  await page.getByRole('button', { name: 'Annulla l’invio' }).waitFor();
}

async function browse(page, look) {
  await page.getByRole('link', { name: 'Notifiche IO', exact: true }).first().click();
  await page.getByLabel('Stato').selectOption({ label: 'In coda' });
  await page.getByRole('button', { name: 'Filtra' }).click();
  await page.waitForURL('**state=queued*');
  assert.equal(await page.getByRole('rowheader').count(), 2, 'the notification and its reminder');
  await look('archive, filtered');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Esporta in Excel' }).click();
  assert.match((await download).suggestedFilename(), /^notifiche-io-.*\.xlsx$/);
  await page.goto(`${BASE}/desk/io?state=processed`);
  await page.getByRole('rowheader').first().getByRole('link').click();
  await page.getByText('È nella posta della persona').waitFor();
  await look('notification, arrived');
  await page.getByRole('link', { name: 'Scrivi un’errata corrige' }).click();
  assert.match(await page.getByLabel('Titolo').inputValue(), /^Errata corrige: /);
  await look('correction');
}

async function writeToTwo(page, look) {
  await page.goto(`${BASE}/desk/queue`);
  for (const number of ['2026/000001', '2026/000003']) await page.getByLabel(`Scegli ${number}`).check();
  await look('queue, with two chosen');
  await page.getByRole('button', { name: 'Scrivi su IO' }).click();
  await page.getByRole('heading', { level: 1, name: 'Notifiche a più persone' }).waitFor();
  await look('batch');
  await page.getByLabel('Servizio').selectOption({ label: 'Segnalazioni, suggerimenti e reclami' });
  await page.getByLabel('Titolo').fill('La tua richiesta {numero} va avanti');
  await page.getByLabel('Testo', { exact: true }).fill('Per la tua richiesta {numero} ({tipologia}) la squadra passa questa settimana, ti rispondiamo entro il {entro}.');
  await page.getByRole('button', { name: 'Anteprima' }).last().click();
  await page.getByText('La tua richiesta 2026/000001 va avanti').waitFor();
  await look('batch, each text');
  await page.getByRole('button', { name: /^Invia una notifica$/ }).click();
  await page.waitForURL('**/desk/io?done=io_batch');
}
