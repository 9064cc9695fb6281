// An administrator connects IO, brings the services that are there, and makes one more out of a ready model: every page on the way
// looked at on a screen and on a phone.

import assert from 'node:assert/strict';
import { BASE, PASSWORD, choosePassword, run, signIn } from './desk.mjs';
import { HEIGHT, WIDTHS, flaws } from './flaws.mjs';

await run({ viewport: { width: WIDTHS[0], height: HEIGHT } }, async (page, complaints) => {
  const look = async (name) => complaints.push(...(await flaws(page)).map((flaw) => `${name}, ${flaw}`));
  const press = (name) => page.getByRole('button', { name, exact: true }).click();
  const follow = (name) => page.getByRole('link', { name, exact: true }).click();
  const heading = (name) => page.getByRole('heading', { level: 1, name }).waitFor();
  const hears = (words) => page.locator('main [role=status], main [role=alert]').filter({ hasText: words }).first().waitFor();

  await page.goto(`${BASE}/desk/login`);
  await signIn(page, PASSWORD);
  await page.waitForURL('**/desk/password');
  await choosePassword(page);
  await follow('Amministrazione');
  await page.getByRole('navigation', { name: 'Amministrazione' }).getByRole('link', { name: 'Servizi IO' }).click();
  await heading('Servizi IO');
  await look('settings and services');
  await press('Prova il collegamento');
  await hears('IO risponde.');
  await look('line tried');
  await press('Importa da IO');
  await hears('Importazione finita');
  await look('services brought');

  await page.locator('.records__link').first().click();
  await heading('Segnalazioni, suggerimenti e reclami');
  await look('service');
  await page.getByText('Incolla le chiavi').click();
  await look('service, fold open');
  await page.getByLabel('In prova').check();
  await page.getByLabel('Codici fiscali di prova').fill('ROSSI');
  await page.locator('form[action$="/test"] button').click();
  await hears('Riga 1');
  await look('service, wrong code');
  await follow('Elimina il servizio');
  await heading('Elimina Segnalazioni, suggerimenti e reclami');
  await look('before deleting');
  await press('Elimina per sempre');
  await hears('Controlla i dati');
  await look('not deleted');
  await follow('Non eliminare');
  await follow('Modifica la scheda');
  await heading('Scheda del servizio');
  assert.equal(await page.getByLabel('Argomento').inputValue(), '14');
  await look('sheet');
  await page.getByLabel('Codice fiscale dell’ente').fill('12');
  await page.getByLabel('Indirizzi autorizzati').fill('10.0.0.1');
  await press('Salva su IO');
  await hears('Controlla i dati');
  await look('sheet with errors');

  await page.goto(`${BASE}/desk/admin/io`);
  await follow('Nuovo servizio');
  await heading('Da che cosa vuoi cominciare?');
  await look('models');
  await page.getByRole('link', { name: /^Usa questo modello.*TARI/ }).click();
  await heading('Scheda del servizio');
  assert.equal(await page.getByLabel('Codice fiscale dell’ente').inputValue(), '01234567897', 'known from the other service');
  await look('new sheet');
  await press('Salva e crea su IO');
  await hears('Servizio creato su IO');
  await look('service made');
  await follow('Manda in revisione');
  await heading('Manda in revisione');
  await look('review');
  await press('Manda in revisione');
  await hears('Scheda mandata in revisione');
  await look('service with the reviewers');
});
