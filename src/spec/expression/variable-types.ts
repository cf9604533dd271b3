// What the variables of expressions are: the actor, the command, what is prepared and loaded.
import { findColumn, findTable } from "../find-table.js";
import type { Field, Load, Project, TableLoad, UseCase } from "../model.js";
import type { ValueType } from "./value-type.js";
import * as types from "./value-type.js";

/** The actor of this use case always has a tenant: generated contexts then ask for one. */
export function requiresTenant(project: Project, useCase: UseCase): boolean {
  return project.config.tenant !== undefined && !useCase.tenantOff;
}

/** It is the same in all use cases with a tenant, and in all without. */
export function actorType(project: Project, withTenant: boolean): ValueType {
  let known = actors.get(project);
  if (known === undefined) {
    known = { with: createActor(project, true), without: createActor(project, false) };
    actors.set(project, known);
  }
  return withTenant ? known.with : known.without;
}

const actors = new WeakMap<Project, { readonly with: ValueType; readonly without: ValueType }>();

function createActor(project: Project, withTenant: boolean): ValueType {
  const { claims } = project.config;
  const who: (readonly [string, ValueType])[] = [
    ["id", types.openString],
    ["type", types.string],
  ];
  return types.objectOf(
    [
      ...who,
      ["tenantId", withTenant ? types.openString : { ...types.openString, optional: true }],
      ["roles", types.listOf(types.string)],
      [
        "claims",
        claims.length === 0
          ? types.json
          : types.objectOf(
              claims.map((claim) => [claim.name, claimType(project, claim)]),
              "the actor's claims",
            ),
      ],
      ["onBehalfOf", { ...types.objectOf(who, "the one on whose behalf the actor acts"), optional: true }],
    ],
    "the actor",
  );
}

/** Claims are what an identity provider says, looked at when they are read: lists and objects stay JSON. */
function claimType(project: Project, claim: Field): ValueType {
  const type = types.fromField(project, claim);
  return type.kind === "list" || type.kind === "object" ? { kind: "json", ...(type.optional && { optional: true }) } : type;
}

export function commandType(project: Project, { command }: UseCase): ValueType {
  return types.fromFields(project, command, "the command");
}

export function prepareType(project: Project, { prepare }: UseCase): ValueType {
  return types.objectOf(
    prepare.map(({ name, fields }) => [name, types.fromFields(project, fields, `the prepared \`${name}\``)]),
    "what is prepared",
  );
}

/** What a load is in TypeScript; `unknown` where its table is not known (which is reported as such). */
export function loadType(project: Project, load: Load): ValueType {
  if (load.kind === "advisoryLock") return types.unknown;
  if (load.kind === "sequence") {
    const [name = "", of = ""] = load.sequence.split(".");
    const table = findTable(project, name);
    const column = table && findColumn(table, of);
    const id = column === undefined ? types.unknown : types.present(types.fromColumn(column));
    return load.when === undefined ? id : types.nullable(id);
  }
  const row = rowType(project, load);
  if (row.kind === "unknown") return row;
  if (load.aggregate !== undefined) return load.when === undefined ? row : types.nullable(row);
  if (load.cardinality === "many") {
    const keyed = load.keyBy === undefined || row.kind !== "object" ? undefined : row.fields.get(load.keyBy.name);
    if (load.keyBy === undefined) return types.listOf(row);
    return keyed === undefined ? types.unknown : { kind: "map", key: types.present(keyed), value: row };
  }
  return load.cardinality === "optional" || load.when !== undefined ? types.nullable(row) : row;
}

function rowType(project: Project, load: TableLoad): ValueType {
  const table = findTable(project, load.table.name);
  if (table === undefined) return types.unknown;
  const row = types.fromTable(
    table,
    load.columns?.map(({ name }) => name),
  );
  if (load.aggregate === undefined || row.kind !== "object") return row;
  return types.objectOf(
    load.aggregate.map((aggregate) => {
      const column = aggregate.column === undefined ? undefined : row.fields.get(aggregate.column);
      return [aggregate.name, aggregateType(aggregate.function, column)];
    }),
    `totals of ${table.name}`,
  );
}

/** The sum of nothing is 0; the smallest, largest and average of nothing is null. */
function aggregateType(name: "count" | "sum" | "min" | "max" | "avg", column: ValueType | undefined): ValueType {
  if (name === "count") return types.int;
  if (column === undefined) return types.unknown;
  const type = types.present(column);
  if (name === "sum") return type;
  if (name === "avg") return types.nullable(type.kind === "decimal" ? type : types.double);
  return types.nullable(type);
}
