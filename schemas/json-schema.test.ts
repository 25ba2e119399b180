import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { lintProblems } from "./api-lint.fixture.ts";
import { CATALOGUE } from "./catalogue.ts";
import { contractDocuments } from "./json-schema.ts";
import { DOWNLINKS, isRetained, UPLINKS } from "./topics.ts";

const FOLDER = new URL("json/", import.meta.url);

type AsyncApi = {
  channels: Record<string, { address: string; parameters: object }>;
  operations: Record<
    string,
    { action: string; channel: { $ref: string }; bindings: { mqtt: { qos: number; retain?: boolean } } }
  >;
  components: { messages: Record<string, { payload: { $ref: string } }> };
};

describe("the committed documents", () => {
  it("are what the source says, byte for byte, and no others lie there", () => {
    const documents = contractDocuments();
    expect(readdirSync(FOLDER).sort()).toEqual(documents.map(({ name }) => name));
    for (const { name, text } of documents) {
      expect(readFileSync(new URL(name, FOLDER), "utf8"), `${name}: run npm run generate`).toBe(text);
    }
  });

  it("give every shape a name of its own and its whole schema", () => {
    const documents = new Map(
      contractDocuments().map(({ name, text }) => [name, JSON.parse(text) as object]),
    );
    for (const { name, schema } of CATALOGUE) {
      const { $schema, $id, title, ...rest } = documents.get(`${name}.schema.json`) as Record<
        string,
        unknown
      >;
      expect(rest).toEqual(JSON.parse(JSON.stringify(schema)));
      expect([$schema, $id, title]).toEqual([
        "http://json-schema.org/draft-07/schema#",
        `urn:faccine:v1:${name}`,
        name,
      ]);
    }
  });
});

describe("the AsyncAPI document", () => {
  const text = contractDocuments().find(({ name }) => name === "asyncapi.json")?.text as string;
  const document = JSON.parse(text) as AsyncApi;

  it("has every topic of the contract, with the direction, QoS 1 and what is retained", () => {
    const topics = Object.entries(document.operations).map(([, { action, channel, bindings }]) => {
      const address = document.channels[channel.$ref.split("/").at(-1) as string]?.address;
      return `${action} ${address} qos ${bindings.mqtt.qos}${bindings.mqtt.retain ? " retained" : ""}`;
    });
    expect(topics.sort()).toEqual(
      [
        ...UPLINKS.map(
          (k) => `send faccine/v1/totem/{totemId}/${k} qos 1${isRetained(k) ? " retained" : ""}`,
        ),
        ...DOWNLINKS.map((k) => `receive faccine/v1/totem/{totemId}/${k} qos 1`),
        "send faccine/v1/site/{siteId}/spent/{totemId} qos 1",
        "receive faccine/v1/site/{siteId}/spent/{totemId} qos 1",
      ].sort(),
    );
  });

  it("has nothing that a linter of others finds, which would find a fault", async () => {
    const file = fileURLToPath(new URL("asyncapi.json", FOLDER));
    expect(await lintProblems(document, file)).toEqual([]);
    const { defaultContentType: _, ...rest } = JSON.parse(text);
    const broken = { ...rest, info: { title: "x" }, channels: { ...rest.channels, hello: { adress: "x" } } };
    const problems = (await lintProblems(broken, file)).join("\n");
    expect(problems).toContain("#/info");
    expect(problems).toContain("adress");
  });

  it("refers only to what is there: channels, messages and schema files beside it", () => {
    const names = new Set(readdirSync(FOLDER));
    const references = [...text.matchAll(/"\$ref": "([^"]+)"/g)].map((match) => match[1] as string);
    expect(references.length).toBeGreaterThan(30);
    for (const reference of references) {
      if (reference.startsWith("./")) expect(names.has(reference.slice(2)), reference).toBe(true);
      else {
        const found = reference
          .slice(2)
          .split("/")
          .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document);
        expect(found, reference).toBeDefined();
      }
    }
  });

  it("names every variable part of a topic", () => {
    for (const { address, parameters } of Object.values(document.channels)) {
      const variables = [...address.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      expect(Object.keys(parameters)).toEqual(variables);
    }
  });
});
