// A form begun on a phone is gone on with elsewhere. What is typed is saved while its author pauses, and a letter leads back.
//
// Environment beside that of desk.mjs: LINK, the way that the letter shows, once it was written.

import assert from 'node:assert/strict';
import { ANSWERS, answerAll, next, tellAndSend } from './citizen.mjs';
import { BASE, run } from './desk.mjs';
import { HEIGHT, flaws } from './flaws.mjs';

const { LINK } = process.env;
const TITLE = 'Cassonetto senza coperchio';

await run({ viewport: { width: LINK ? 1366 : 390, height: HEIGHT } }, async (page, complaints) => {
  if (LINK) await goOn(page);
  else await begin(page, complaints);
});

async function begin(page, complaints) {
  await page.goto(`${BASE}/sportello/ente/disruption`);
  await page.check('#privacy');
  await next(page);
  await page.waitForURL('**/2?b=*');
  await page.locator('#title').pressSequentially(TITLE);
  await page.getByText('Quello che hai scritto è salvato.').waitFor();

  // No button was pressed: another browser finds it all the same.
  const other = await page.context().browser().newContext();
  const elsewhere = await other.newPage();
  await elsewhere.goto(page.url());
  assert.equal(await elsewhere.inputValue('#title'), TITLE);
  await other.close();

  await withoutNetwork(page, complaints);
  await page.locator('#resume summary').click();
  await page.fill('#resume-address', 'anna@');
  await page.locator('button[value=resume]').click();
  await page.locator('#resume-address-error').waitFor();
  complaints.push(...(await flaws(page)).map((flaw) => `resume, wrong address, ${flaw}`));
  await page.fill('#resume-address', 'anna@libero.example');
  await page.locator('button[value=resume]').click();
  await page.locator('#resume [role=status]').waitFor();
  complaints.push(...(await flaws(page)).map((flaw) => `resume, told, ${flaw}`));
}

/** No button leads away from what is only here, and it is saved without anybody's doing once it can be. */
async function withoutNetwork(page, complaints) {
  const here = page.url();
  const saved = page.getByText('Quello che hai scritto è salvato.');
  await page.route('**/*auto-save=1', (route) => route.abort());
  await page.fill('#details', 'Da lunedì');
  await page.getByText('Per ora non riusciamo a salvare').waitFor();
  await page.unroute('**/*auto-save=1');
  await saved.waitFor();

  await page.context().setOffline(true);
  await page.fill('#details', ANSWERS.details);
  for (const button of ['.form__buttons button[value=next]', '.site-languages button[lang=de]']) {
    await page.locator(button).click();
    await page.getByText('Sei senza rete: resta su questa pagina, salviamo appena torna.').waitFor();
    assert.equal(page.url(), here);
  }
  await page.context().setOffline(false);
  await saved.waitFor();
  // Chromium also logs what did not get through.
  complaints.splice(0, complaints.length, ...complaints.filter((said) => !said.includes('net::ERR_')));
}

async function goOn(page) {
  await page.goto(`${BASE}${LINK}`);
  assert.equal(await page.inputValue('#title'), TITLE);
  assert.equal(await page.inputValue('#details'), ANSWERS.details);
  await answerAll(page);
  await next(page);
  await page.waitForURL('**/3?b=*');
  await tellAndSend(page, 'anna@libero.example');
}
