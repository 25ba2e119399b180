/**
 * The store on SQLite: one writer, one process. Joins the tables' classes behind the `Store` port.
 */
import type Database from "better-sqlite3";
import { CountDeltas } from "../../rollups/counts.ts";
import type { AccessStore } from "../access-store.ts";
import type { AccountStore } from "../account-store.ts";
import type { ClosingStore } from "../closing-store.ts";
import type { DeliveryStore } from "../delivery-store.ts";
import type { LateStore } from "../late-store.ts";
import type { ProofStore } from "../proof-store.ts";
import type { Store } from "../store.ts";
import type { WatchStore } from "../watch-store.ts";
import { AccessTables } from "./access-tables.ts";
import { AccountTables } from "./account-tables.ts";
import { alarmsOver } from "./alarm-table.ts";
import { Counters } from "./counters.ts";
import { copyScrubbed } from "./database-copy.ts";
import { DeedLog } from "./deed-log.ts";
import { DeliveryTable } from "./delivery-table.ts";
import { FleetTables } from "./fleet-tables.ts";
import { heldIn } from "./held-tables.ts";
import { Ingestion } from "./ingestion.ts";
import { LateCountTables } from "./late-counts.ts";
import { openDatabase } from "./open-store.ts";
import { ProofTables } from "./proof-tables.ts";
import { ReadinessTable } from "./readiness-table.ts";
import { Recount } from "./recount.ts";
import { ReportTables } from "./report-tables.ts";
import { enforceRetention } from "./retention-sql.ts";
import { SessionTables } from "./session-tables.ts";
import { Slots } from "./slots.ts";
import { WatchTable } from "./watch-table.ts";

/** Opens the store in a file, or in memory with `:memory:`. */
export function openSqliteStore(path: string, nowMs: number): Store {
  return storeOver(openDatabase(path, nowMs));
}

function storeOver(database: Database.Database): Store {
  const counters = new Counters(database);
  const slots = new Slots();
  const ingestion = new Ingestion(database, counters, slots);
  const fleet = new FleetTables(database, ingestion.epochs);
  const reports = new ReportTables(database);
  const recount = new Recount(database);
  const readiness = new ReadinessTable(database);
  const log = new DeedLog(database);
  const epochsOf = (totemId: string) => {
    const number = fleet.numberOf(totemId);
    return number === null ? [] : ingestion.epochs.known(number);
  };
  return {
    registerTotem: async (totem) => fleet.register(totem),
    totems: async () => fleet.totems(),
    totemStatuses: async () => fleet.statuses(),
    noteStatus: async (totemId, online, startCount, atMs) =>
      fleet.noteStatus(totemId, online, startCount, atMs),
    noteHealth: async (totemId, health, atMs) => fleet.noteHealth(totemId, health, atMs),
    noteReadiness: async (report, atMs) => readiness.note(report, atMs),
    readiness: async (totemId) => readiness.of(totemId),
    nextCommandNumber: async (totemId) => fleet.nextCommandNumber(totemId),
    settingsVersion: async (totemId, sha256, nowMs) => fleet.settingsVersion(totemId, sha256, nowMs),
    ingest: async (batches, rules) => ingestion.ingest(batches, rules),
    listReceipts: async (receipts, rules, atMs) => ingestion.listReceipts(receipts, rules, atMs),
    knownEpochs: async (totemId) => epochsOf(totemId),
    checkpoint: async () => ingestion.checkpoint(),
    quarantine: async (payload) => fleet.quarantine(payload),
    countIssued: async (place, wording, atMs, zone) => {
      const deltas = new CountDeltas();
      deltas.add({ place: counters.place(place), wording, ...slots.of(atMs, zone) }, { issued: 1 });
      database.transaction(() => counters.apply(deltas)).immediate();
    },
    putServed: async (counts, atMs) => reports.putServed(counts, atMs),
    served: async (span) => reports.served(span),
    servedSpans: async (spans) => reports.servedSpans(spans),
    countRows: async (by, span, page) => reports.rows(by, span, page),
    countSpans: async (spans) => reports.spans(spans),
    recount: (span) => recount.days(span),
    recountTotems: () => recount.sums(),
    noteRecount: async (result) => recount.note(result),
    lastRecount: async () => recount.last(),
    votedDays: async () => reports.votedDays(),
    ...accessOver(new AccessTables(database, log)),
    ...accountsOver(database, log),
    ...alarmsOver(database),
    ...closingOver(database, ingestion),
    ...deliveriesOver(new DeliveryTable(database)),
    ...watchOver(new WatchTable(database)),
    ...proofOver(new ProofTables(database), new LateCountTables(database)),
    held: async () => heldIn(database),
    enforceRetention: async (nowMs) => enforceRetention(database, nowMs),
    close: async () => {
      database.close();
    },
  };
}

function accessOver(access: AccessTables): AccessStore {
  return {
    addIssuerKey: async (key) => access.addIssuerKey(key),
    issuerKeys: async () => access.issuerKeys(),
    endIssuerKey: async (issuerKeyId, endsMs) => access.endIssuerKey(issuerKeyId, endsMs),
    addToken: async (token, deed) => access.addToken(token, deed),
    tokenById: async (tokenId) => access.token(tokenId),
    tokens: async () => access.tokens(),
    revokeToken: async (tokenId, atMs, deed) => access.revoke(tokenId, atMs, deed),
    noteAccess: async (tokenId, what, atMs) => access.noteAccess(tokenId, what, atMs),
  };
}

function accountsOver(database: Database.Database, log: DeedLog): AccountStore {
  const sessions = new SessionTables(database, log);
  const accounts = new AccountTables(database, log, sessions);
  return {
    addAccount: async (account, deed) => accounts.add(account, deed),
    addFirstAccount: async (account, deed) => accounts.addFirst(account, deed),
    hasAdmin: async () => accounts.hasAdmin(),
    accounts: async () => accounts.all(),
    accountById: async (accountId) => accounts.byId(accountId),
    accountByName: async (name) => accounts.byName(name),
    changeAccount: async (accountId, change, deed) => accounts.change(accountId, change, deed),
    addLink: async (link, deed) => sessions.addLink(link, deed),
    linkBy: async (sha256) => sessions.link(sha256),
    takeLink: async (sha256) => sessions.takeLink(sha256),
    addSession: async (session, deed) => sessions.add(session, deed),
    sessionBy: async (sha256) => sessions.by(sha256),
    noteSeen: async (sha256, atMs) => sessions.noteSeen(sha256, atMs),
    sessionsOf: async (accountId) => sessions.of(accountId),
    endSession: async (sha256, deed) => sessions.end(sha256, deed),
    endOtherSessions: async (accountId, sha256, deed) => sessions.endOthers(accountId, sha256, deed),
    noteDeed: async (deed) => log.add(deed),
    deeds: async (page) => log.page(page),
  };
}

function closingOver(database: Database.Database, ingestion: Ingestion): ClosingStore {
  return {
    closedThrough: async () => ingestion.closing.closedThrough(),
    closeThrough: (day, atMs) => ingestion.closing.closeThrough(day, atMs, () => ingestion.forgetBoots()),
    copyTo: (path, closeThrough, atMs) => copyScrubbed(database, path, { closeThrough, atMs }),
  };
}

function deliveriesOver(table: DeliveryTable): DeliveryStore {
  return {
    queueDelivery: async (message) => table.queue(message),
    dueDeliveries: async (nowMs, limit) => table.due(nowMs, limit),
    noteDelivered: async (no, atMs) => table.delivered(no, atMs),
    noteUndelivered: async (no, error, nextMs) => table.undelivered(no, error, nextMs),
    deliveries: async (limit) => table.latest(limit),
  };
}

function watchOver(watch: WatchTable): WatchStore {
  return {
    keepDayFigures: (throughDay) => watch.keep(throughDay),
    dayFigures: async (span) => watch.figures(span),
    upMinutes: async (span) => watch.upMinutes(span),
  };
}

function proofOver(proof: ProofTables, late: LateCountTables): ProofStore & LateStore {
  return {
    provedMonths: async () => late.provedMonths(),
    lateCounts: async (by, span) => late.inDays(by, span),
    loggedTotems: async () => proof.totems(),
    logDue: async (throughDay, limit) => proof.due(throughDay, limit),
    totemDay: async (totemId, day) => proof.totemDay(totemId, day),
    appendLog: async (about, lines) => proof.append(about, lines),
    logState: async () => proof.state(),
    logLines: async (fromNo, limit) => proof.lines(fromNo, limit),
    openedLines: async (span) => proof.opened(span),
    putLogCheckpoint: async (size, text) => proof.putCheckpoint(size, text),
    monthProof: async (month) => proof.monthProof(month),
    putMonthProof: async (month, revision, text) => proof.putMonthProof(month, revision, text),
    frozenMonth: async (month) => proof.frozenMonth(month),
    freezeMonth: async (frozen) => proof.freezeMonth(frozen),
    logCheckpoints: async () => proof.checkpoints(),
  };
}
