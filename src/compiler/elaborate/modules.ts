import * as messages from "../diagnostics/catalogue/names.js";
import { duplicateName } from "../diagnostics/catalogue/names.js";
import { viewNotBijective } from "../diagnostics/catalogue/types.js";
import { type Diagnostic, diagnose, fail, SlabFailure } from "../diagnostics/diagnostic.js";
import type { Host } from "../support/host.js";
import type { SourceFile } from "../support/source.js";
import { positionOf } from "../support/source.js";
import { suggestions } from "../support/suggest.js";
import type { Declaration, Module, Name, UseDeclaration } from "../syntax/ast.js";
import { parse } from "../syntax/parse.js";

type NamedDeclaration = Exclude<Declaration, UseDeclaration>;

/** The names that a file declares or uses, each with the file it comes from. */
export interface ModuleScope {
  readonly module: Module;
  readonly names: ReadonlyMap<
    string,
    { readonly declaration: NamedDeclaration; readonly scope: ModuleScope }
  >;
}

/** Reads a file and all that it uses. Fails with every mistake that can be seen without building a network. */
export function loadModules(
  path: string,
  host: Host,
): { readonly main: ModuleScope; readonly all: readonly ModuleScope[] } {
  const loader = new Loader(host);
  const text = host.read(path);
  if (text === undefined) fail(messages.unreadableFile, { path }, { path });
  const main = loader.load({ path, text }, []);
  if (loader.diagnostics.length > 0) throw new SlabFailure(loader.diagnostics);
  return { main, all: [...loader.loaded.values()] };
}

class Loader {
  readonly loaded = new Map<string, ModuleScope>();
  readonly diagnostics: Diagnostic[] = [];
  /** Files of which a part could not be read: what they seem not to declare may be in that part. */
  private readonly damaged = new Set<string>();

  constructor(private readonly host: Host) {}

  load(file: SourceFile, chain: readonly string[]): ModuleScope {
    const known = this.loaded.get(file.path);
    if (known) return known;
    const { module, diagnostics } = parse(file);
    this.diagnostics.push(...diagnostics);
    if (diagnostics.length > 0) this.damaged.add(file.path);
    const names = new Map<string, { declaration: NamedDeclaration; scope: ModuleScope }>();
    const scope: ModuleScope = { module, names };
    const spans = new Map<string, Name>();
    const declare = (name: Name, what: string, add: () => void) => {
      const first = spans.get(name.text);
      if (first) {
        const firstLine = positionOf(first.span.file, first.span.start).line;
        this.diagnostics.push(
          diagnose(duplicateName, { name: name.text, what, firstLine }, { span: name.span }),
        );
      } else {
        spans.set(name.text, name);
        add();
      }
    };
    for (const declaration of module.declarations) {
      if (declaration.kind === "use") {
        this.use(declaration, file, [...chain, file.path], declare, names);
      } else {
        declare(declaration.name, declaration.kind, () =>
          names.set(declaration.name.text, { declaration, scope }),
        );
        if (declaration.kind === "view") this.checkBijection(declaration);
      }
    }
    this.loaded.set(file.path, scope);
    return scope;
  }

  private use(
    { source, imported }: UseDeclaration,
    file: SourceFile,
    chain: readonly string[],
    declare: (name: Name, what: string, add: () => void) => void,
    names: Map<string, { declaration: NamedDeclaration; scope: ModuleScope }>,
  ): void {
    const target = this.locate(source, file);
    if (!target) return;
    if (chain.includes(target.path)) {
      this.diagnostics.push(
        diagnose(messages.useCycle, { chain: [...chain, target.path] }, { span: source.span }),
      );
      return;
    }
    const used = this.load(target, chain);
    for (const name of imported) {
      const found = used.names.get(name.text);
      if (found) {
        declare(name, found.declaration.kind, () => names.set(name.text, found));
        continue;
      }
      if (this.damaged.has(target.path)) continue;
      const [suggestion] = suggestions(name.text, used.names.keys());
      const args = { name: name.text, source: source.text, ...(suggestion ? { suggestion } : {}) };
      this.diagnostics.push(diagnose(messages.notExported, args, { span: name.span }));
    }
  }

  private locate(source: UseDeclaration["source"], from: SourceFile): SourceFile | undefined {
    const place = { span: source.span };
    if (source.kind === "module") {
      const module = source.text.startsWith("std.") ? source.text.slice(4) : undefined;
      const text = module === undefined ? undefined : this.host.readStandard(module);
      if (text !== undefined) return { path: `std/${module}.slab`, text };
      const [suggestion] = suggestions(
        source.text,
        this.host.standardModules().map((name) => `std.${name}`),
      );
      const args = { source: `module ${source.text}`, ...(suggestion ? { suggestion } : {}) };
      this.diagnostics.push(diagnose(messages.unknownModule, args, place));
      return undefined;
    }
    const path = this.host.resolve(from.path, source.text);
    if (path === undefined) {
      this.diagnostics.push(diagnose(messages.outsideRoot, { source: source.text }, place));
      return undefined;
    }
    const text = this.host.read(path);
    if (text === undefined) {
      this.diagnostics.push(diagnose(messages.unknownModule, { source: `file ${source.text}` }, place));
      return undefined;
    }
    return { path, text };
  }

  private checkBijection({ name, roles }: Extract<Declaration, { kind: "view" }>): void {
    for (const part of ["role", "axis"] as const) {
      const seen = new Set<string>();
      for (const entry of roles) {
        const { text, span } = entry[part];
        if (seen.has(text)) {
          this.diagnostics.push(diagnose(viewNotBijective, { view: name.text, name: text, part }, { span }));
        }
        seen.add(text);
      }
    }
  }
}
