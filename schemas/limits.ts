/**
 * The limits both programs must agree on, each with its reason. A limit that only one program knows stays there.
 */

/** Longest ticket code any profile makes: a signed one is 135 characters (`ticket.ts`); room for a later profile. */
export const TICKET_CODE_MAX = 160;

/** Entries in one batch: small enough that one commit on an SD card stays well under a second. */
export const BATCH_ENTRIES_MAX = 200;

/** Bytes of one batch on the wire. Keeps a thousand totems draining at once inside the gateway's memory goal. */
export const BATCH_BYTES_MAX = 65_536;

/**
 * Bytes of one MQTT packet: the settings of the largest site are the largest message there is (about 90 KB). Larger
 * packets end the connection.
 */
export const PACKET_BYTES_MAX = 131_072;

/** Batches a totem keeps in flight: hides the round trip without filling the gateway's queue. */
export const BATCHES_IN_FLIGHT_MAX = 4;

/** Open epochs a hello names; each restart without a network opens one, so this is two months of daily power cuts. */
export const HELLO_EPOCHS_MAX = 64;

/** Received ranges a receipt may name beyond its watermark: more than four batches in flight can ever make. */
export const RECEIPT_RANGES_MAX = 64;

/** Offices of one administration; Italy's largest municipality has a few hundred desks of all kinds. */
export const OFFICES_MAX = 2_000;

/** Services of one office. */
export const SERVICES_PER_OFFICE_MAX = 200;

/** Sites of one administration. */
export const SITES_MAX = 500;

/** Offices of one site: all its totems hold them, and the settings message must stay under the largest packet. */
export const OFFICES_PER_SITE_MAX = 50;

/** Services a totem's settings list, over all offices of its site; for the same reason. */
export const SERVICES_PER_SITE_MAX = 500;

/** Public ticket keys a totem holds: three live ones and a test key of every office of its site. */
export const TICKET_KEYS_MAX = 200;

/** Totems of a site beside this one, whose spent marks it believes: twice as many as stand at a large one. */
export const SIBLINGS_MAX = 20;

/** Largest UTC time in milliseconds that still has a four-digit year. */
export const TIME_MAX_MS = 253_402_300_799_999;

/** Largest minute number, from the same year. */
export const MINUTE_MAX = 4_223_371_679;

/** How far a clock at the desk and the clock of a totem may differ, either way. */
export const CLOCK_SKEW_MINUTES = 5;

/** How long after the service a ticket is good. */
export const TICKET_VALID_MINUTES = 60;

/** Totems of one administration: ten at each of its sites. */
export const TOTEMS_MAX = 5_000;

/** Served counts in one request: a year of one office with thirty services; a longer list is sent in parts. */
export const SERVED_COUNTS_MAX = 10_000;

/** Rows of a published month: all services of the largest administration of today, in two wordings, many times over. */
export const PUBLIC_ROWS_MAX = 20_000;

/** Receipts listed in one request: a busy office's week; a longer list is sent in parts. */
export const LISTED_MAX = 5_000;

/** Smallest step in which live figures per face move outside of a demo (promise 8). */
export const LIVE_STEP_MIN = 5;

/** Largest step in which live figures per face may move: above it a page would show nothing all month. */
export const LIVE_STEP_MAX = 1_000;
