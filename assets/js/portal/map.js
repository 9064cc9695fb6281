// Maps: one beside an address, to tap on, and one of published reports, to look at. No pictures of their own: a pin is a circle.

import { CircleMarker, LatLngBounds, Map, TileLayer } from 'leaflet';

const ITALY = [42.5, 12.5];

const PIN = { radius: 10, weight: 4, color: '#a3142a' };

function spread(box) {
  box.setAttribute('role', 'group');
  box.setAttribute('aria-label', box.dataset.label);
  const map = new Map(box, { scrollWheelZoom: false });
  // The library's own prefix has an English title.
  map.attributionControl.setPrefix('<a href="https://leafletjs.com">Leaflet</a>');
  new TileLayer(box.dataset.tiles, { attribution: box.dataset.attribution, maxZoom: 19 }).addTo(map);
  return map;
}

/** Draws the one beside an address; gives what moves the pin. */
export function draw(box, known, set) {
  const map = spread(box).setView(known ?? ITALY, known ? 17 : 5);
  const pin = new CircleMarker(known ?? ITALY, PIN);
  if (known) pin.addTo(map);
  map.on('click', ({ latlng }) => set([latlng.lat, latlng.lng]));
  return (position) => {
    if (!position) {
      pin.remove();
      return;
    }
    pin.setLatLng(position).addTo(map);
    map.setView(position, Math.max(map.getZoom(), 17));
  };
}

/** Draws published reports. Their words are put in as text: what somebody typed is never read as a page. */
export function pin(box, reports) {
  const map = spread(box).fitBounds(new LatLngBounds(reports.map(({ position }) => position)), { maxZoom: 16, padding: [24, 24] });
  for (const { title, address, position } of reports) {
    const said = document.createElement('div');
    const named = document.createElement('strong');
    named.textContent = title;
    said.append(named);
    if (address) said.append(document.createElement('br'), address);
    new CircleMarker(position, PIN).bindPopup(said, { closeButton: false }).addTo(map);
  }
}
