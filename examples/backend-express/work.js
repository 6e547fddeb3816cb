// The work: reads a place, and writes a page about its light and its distances. Put yours in its place.
//
// It knows no HTTP and no log. What was pasted is read as text, and never fetched.

import { setTimeout as sleep } from "node:timers/promises";

const MS = 1000 * Number(process.env.SECONDS ?? 20);
export const STEPS = { place: "Reading the place", brief: "Writing the brief", page: "Writing the page" };
const MONTHS = Array.from({ length: 12 }, (_, month) =>
  new Date(Date.UTC(2000, month)).toLocaleString("en", { month: "long", timeZone: "UTC" }));
const CITIES = {
  Tromsø: [69.65, 18.96], Reykjavík: [64.15, -21.94], Kraków: [50.06, 19.94], Zürich: [47.37, 8.54],
  北京: [39.91, 116.4], 東京: [35.68, 139.69], "Hà Nội": [21.03, 105.85], México: [19.43, -99.13],
  Bogotá: [4.71, -74.07], Nairobi: [-1.29, 36.82], "São Paulo": [-23.55, -46.63], Sydney: [-33.87, 151.21],
  Ushuaia: [-54.8, -68.3],
};
const head = (name, where, antipode) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${name}</title><style>
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 Georgia, serif; color: #23303a }
h1 { line-height: 1.2; border-bottom: 3px solid #128a8a } th { text-align: start; padding-right: 1em }
table, meter { width: 100%; border-collapse: collapse } tr { border-bottom: 1px solid #ccd }
</style></head><body><h1>📍 ${name}</h1><p><strong>${name}</strong> lies at ${where}. The farthest place on
earth is its antipode, ${antipode}: 20,015 km to go, whichever way one takes.</p><h2>Light ☀️</h2><table>
`;
const row = (month, hours, word) => `<tr><th scope="row">${month}</th><td>${hours} h of daylight</td><td>
<meter min="0" max="24" value="${hours}">${hours} of 24 hours</meter></td><td>${word} than the night</td></tr>
`;
const way = (city, km) => `<p><strong>${city}</strong> is ${grouped(km)} km away as the crow flies. A word by
light could be there in ${(km / 299.79).toFixed(1)} ms; an aeroplane takes about ${grouped(km / 800 + 0.5)} h,
and a walker, were there a way, ${grouped(km / 30)} days.</p>
`;

const { abs, acos, asin, cos, max, min, PI, sin, sqrt, tan } = Math;
const radians = (degrees) => (degrees * PI) / 180;
const grouped = (number) => Math.round(number).toLocaleString("en");
const escaped = (text) => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
// As in a form, and whatever it is: `decodeURIComponent` throws.
const decoded = (text) => new URLSearchParams(`_=${text.replaceAll("&", "%26")}`).get("_");

/** The place that an address names by its coordinates, or undefined. */
export function readPlace(url) {
  const [, ...pair] = /(-?\d{1,3}\.\d+)[^\d.-]+(-?\d{1,3}\.\d+)/.exec(decoded(url)) ?? [];
  const [latitude, longitude] = pair.map(Number);
  if (!(abs(latitude) <= 90 && abs(longitude) <= 180)) return undefined;
  const [, named = ""] = /\/place\/([^/@?#]+)/.exec(url) ?? [];
  const shown = decoded(named).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "").trim();
  return { name: [...shown].slice(0, 80).join("") || where(latitude, longitude), latitude, longitude };
}

/** What there is to tell, one event after the other: its type and its fields. */
export async function* work(place, signal) {
  yield ["status", { step: "place", progress: 0 }];
  await sleep(MS * 0.1, undefined, { signal });
  yield ["preview", { title: place.name, subtitle: where(place.latitude, place.longitude) }];
  yield ["status", { step: "brief", progress: 0.1 }];
  await sleep(MS * 0.1, undefined, { signal });
  const pieces = [...page(place)];
  for (const [number, text] of pieces.entries()) {
    yield ["status", { step: "page", progress: 0.2 + (0.8 * number) / pieces.length }];
    yield ["html", { text }];
    await sleep((MS * 0.8) / pieces.length, undefined, { signal });
  }
  yield ["status", { step: "page", progress: 1 }];
}

/** The page, piece by piece. Whatever came from outside is escaped. */
function* page({ name, latitude, longitude }) {
  const antipode = where(-latitude, longitude > 0 ? longitude - 180 : longitude + 180);
  yield head(escaped(name), where(latitude, longitude), antipode);
  for (const [number, month] of MONTHS.entries()) {
    const tilt = radians(23.44) * sin((2 * PI * (30.4 * number - 65)) / 365); // The sun's, in mid-month.
    const hours = (24 / PI) * acos(max(-1, min(1, -tan(radians(latitude)) * tan(tilt))));
    yield row(month, hours.toFixed(1), hours > 12 ? "longer" : "shorter");
  }
  yield "</table><h2>Distances 🌍</h2>\n";
  const here = [latitude, longitude];
  for (const [city, there] of Object.entries(CITIES)) yield way(city, distanceKm(here, there));
  yield "<p>Reckoned on a round earth, and without looking anything up.</p></body></html>\n";
}

/** Coordinates, for people. */
function where(latitude, longitude) {
  const [north, east] = [latitude < 0 ? "S" : "N", longitude < 0 ? "W" : "E"];
  return `${abs(latitude).toFixed(4)}° ${north}, ${abs(longitude).toFixed(4)}° ${east}`;
}

/** Along the surface, by the haversine formula. */
function distanceKm(here, there) {
  const [[lat, lng], [latThere, lngThere]] = [here, there].map((point) => point.map(radians));
  const across = cos(lat) * cos(latThere) * sin((lngThere - lng) / 2) ** 2;
  return 12742 * asin(sqrt(min(1, sin((latThere - lat) / 2) ** 2 + across)));
}
