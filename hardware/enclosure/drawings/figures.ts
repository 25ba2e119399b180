/**
 * Who uses the totem, beside it and to its scale: one who stands and one who sits. They carry one fact, the height of
 * their eyes; nothing else of them is a measure of anybody.
 */
import { circle, FAINT, INK, path, rect } from "../../sheet.ts";
import type { Case } from "../case.ts";
import { inRoom, type RoomPoint } from "../geometry.ts";

export const SIDE_SCALE = 1 / 11;

export type Paper = { readonly x: number; readonly y: number };

/** Where a point of the room, seen from the side, is on the sheet. */
export type OnPaper = (point: { readonly out: number; readonly up: number }) => Paper;

export function standingFigure(at: OnPaper, eye: RoomPoint, built: Case): string {
  const back = eye.out + 40;
  const hand = inRoom(built, { x: 0, y: built.keys[0]?.y ?? 0 }, 20);
  return (
    figure(at, [
      [
        { out: back + 20, up: eye.up - 110 },
        { out: back + 20, up: eye.up - 720 },
        { out: back - 10, up: eye.up - 1150 },
        { out: back + 20, up: 30 },
        { out: back - 90, up: 20 },
      ],
      [{ out: back, up: eye.up - 230 }, { out: back - 110, up: eye.up - 500 }, hand],
    ]) + head(at, eye)
  );
}

/** Seen from behind: without room for knees below the plate, a wheelchair comes alongside (clause 8.3.3 is side reach). */
export function seatedFigure(at: OnPaper, eye: RoomPoint, built: Case): string {
  const hand = inRoom(built, { x: 0, y: built.keys[0]?.y ?? 0 }, 20);
  const wheel = (out: number) =>
    rect(
      { ...at({ out: out - 25, up: 600 }), width: 50 * SIDE_SCALE, height: 600 * SIDE_SCALE },
      `rx="1.5" fill="#fff" stroke="#51606e"`,
    );
  const seat = { out: eye.out, up: 500 };
  return [
    wheel(eye.out - 290),
    wheel(eye.out + 290),
    rect(
      { ...at({ out: eye.out - 230, up: 900 }), width: 460 * SIDE_SCALE, height: 420 * SIDE_SCALE },
      `rx="2" fill="#fff" fill-opacity="0.7" stroke="${FAINT}"`,
    ),
    figure(at, [
      [{ out: eye.out, up: eye.up - 110 }, seat],
      [{ out: eye.out - 20, up: eye.up - 200 }, { out: eye.out - 250, up: eye.up - 250 }, hand],
    ]),
    head(at, eye, 0),
  ].join("");
}

function figure(
  at: OnPaper,
  limbs: readonly (readonly { readonly out: number; readonly up: number }[])[],
): string {
  return limbs
    .map((limb) =>
      path(
        `M${limb
          .map(at)
          .map(({ x, y }) => `${x.toFixed(2)} ${y.toFixed(2)}`)
          .join("L")}`,
        `stroke="#51606e" stroke-width="2.6" stroke-opacity="0.55"`,
      ),
    )
    .join("");
}

function head(at: OnPaper, eye: RoomPoint, behindEyes = 70): string {
  const centre = at({ out: eye.out + behindEyes, up: eye.up - 5 });
  const pupil = at(eye);
  return `${circle(centre.x, centre.y, 95 * SIDE_SCALE, `fill="#e6eaee" stroke="#51606e"`)}${circle(pupil.x, pupil.y, 0.6, `fill="${INK}" stroke="none"`)}`;
}
