// The position beside an address: asked of the device when somebody presses the button, and never otherwise; or tapped on the
// map, where there is one. Others hear of it by the event `place` on the address.

const PATIENCE = { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 };

export function takePosition() {
  const address = document.querySelector('[data-place]');
  if (!address) return;
  const part = (name) => address.form.querySelector(`[${name}]`);
  const [lat, lon, said, locate, forget] = ['data-lat', 'data-lon', 'data-position', 'data-locate', 'data-forget'].map(part);

  function set(position) {
    lat.value = position ? position[0].toFixed(6) : '';
    lon.value = position ? position[1].toFixed(6) : '';
    said.textContent = position ? said.dataset.known : said.dataset.unknown;
    forget.hidden = !position;
    for (const photo of address.form.querySelectorAll('[data-photo]')) photo.hidden = Boolean(position);
    address.dispatchEvent(new CustomEvent('place'));
    // The page saves itself after every input.
    address.dispatchEvent(new Event('input', { bubbles: true }));
  }

  forget.addEventListener('click', (event) => {
    event.preventDefault();
    set(undefined);
  });
  if ('geolocation' in navigator) {
    locate.hidden = false;
    locate.addEventListener('click', () => {
      said.textContent = locate.dataset.wait;
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => set([coords.latitude, coords.longitude]),
        () => {
          said.textContent = locate.dataset.failed;
        },
        PATIENCE,
      );
    });
  }
  drawMap(part('data-map'), address, () => (lat.value ? [Number(lat.value), Number(lon.value)] : undefined), set);
}

/** The map is a file of its own, loaded only where the page has room for it. */
async function drawMap(box, address, known, set) {
  if (!box) return;
  try {
    const style = document.createElement('link');
    Object.assign(style, { rel: 'stylesheet', href: box.dataset.style });
    document.head.append(style);
    const { draw } = await import(box.dataset.script);
    box.hidden = false;
    const show = draw(box, known(), set);
    address.addEventListener('place', () => show(known()));
  } catch {
    box.hidden = true;
  }
}
