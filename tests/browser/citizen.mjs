// What a citizen answers, and how: shared by the scripts that walk through the Sportello.

export const PHOTO = {
  name: 'cassonetto.png',
  mimeType: 'image/png',
  buffer: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC',
    'base64',
  ),
};
export const ANSWERS = {
  place: 'via Solferino 12, Castelverde',
  title: 'Carta non ritirata',
  details: 'Da lunedì il cassonetto è pieno.',
  premises: 'via Solferino 12, Castelverde',
  document: '2026/118',
  items: '2 materassi',
};
export const CITIZEN = { name: 'Anna', surname: 'Bianchi', fiscal_code: 'RSSMRA45C12F205C', phone: '030 123456' };

/** Presses the button that goes on. */
export async function next(page) {
  await page.locator('.form__buttons button[value=next]').click();
}

/** Fills the fields that are there. */
export async function type(page, answers) {
  for (const [name, answer] of Object.entries(answers)) {
    if (await page.locator(`#${name}`).count()) await page.fill(`#${name}`, answer);
  }
}

/** Answers the second step, but for its files. */
export async function answerAll(page) {
  await type(page, ANSWERS);
  for (const group of await page.locator('fieldset.group').all()) {
    const first = group.locator('input[type=radio]').first();
    if (await first.count()) await first.check();
  }
  for (const list of await page.locator('main .form select').all()) await list.selectOption({ index: 1 });
  for (const missing of await page.locator('input[name$=_missing]').all()) await missing.check();
}

/** From the third step to the receipt. */
export async function tellAndSend(page, email) {
  await type(page, { ...CITIZEN, email });
  await next(page);
  await page.waitForURL('**/4?b=*');
  await page.check('#terms');
  await next(page);
  await page.waitForURL('**/inviata?b=*');
}
