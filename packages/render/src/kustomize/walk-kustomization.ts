import type { ApplicationSourceKustomize } from '@plumbline/apis';
import { hasCode, PlumblineError } from '@plumbline/errors';
import { kustomizationNames } from '../detect-source-type.ts';
import { createChartTracer } from '../helm/trace-chart.ts';
import { type InputRecorder, recordInputs } from '../repository/input-recorder.ts';
import { displayPath, joinPath, normalisePath } from '../repository/paths.ts';
import type { Found } from '../repository/repository-view.ts';
import type { Reading } from '../repository/wording.ts';
import type { ChartEntry } from './chart-entries.ts';
import type { KustomizationReader } from './kustomization-reader.ts';
import { localName, localPath, type Realm, realmId, remoteError, replacedKey, shownReference } from './realm.ts';
import { type KustomizationReferences, type ReferenceKind, referencesOf } from './references.ts';
import type { RemoteContent, RemoteFolder } from './remote-content.ts';
import { checkRemote } from './remote-host.ts';
import { isHttpUrl, parseRepoSpec } from './repo-spec.ts';

const chartTracer = createChartTracer();
/** Values may come from anywhere. */
const chartTracing = { libraries: [], opaque: false, valuesNameFiles: true };

/** Repositories that one kustomization may bring together. */
const maxRealms = 64;

/** What a kustomize build reads, over all repositories. */
export interface Walk {
  /** The source's own repository first. */
  realms: readonly Realm[];
  /** By what stands in its place: what a kustomization refers to, as errors may show it. */
  shown: ReadonlyMap<string, string>;
  usesCharts: boolean;
  usesPlugins: boolean;
}

export interface WalkOptions {
  /** Those of the Application: its components and patches are read from the folder too. */
  options: ApplicationSourceKustomize;
  content: RemoteContent;
  reader: KustomizationReader;
  /** Files of other folders may be read (`LoadRestrictionsNone`): plugins then see the whole repository. */
  unrestricted: boolean;
  /** Charts are rendered (`--enable-helm`). */
  charts: boolean;
  /** Plugins may be programs (`--enable-exec`), which are run apart. */
  programs: boolean;
}

function placeOf(realm: Realm, folder: string): string {
  return realm.label === '' ? displayPath(folder) : `${realm.label} ${displayPath(folder)}`;
}

function outside(realm: Realm, folder: string, reference: string, cause?: unknown): PlumblineError {
  const message = `kustomization of ${placeOf(realm, folder)}: "${shownReference(reference)}" is outside the repository`;
  return new PlumblineError('RENDER_PATH_OUTSIDE', message, { cause, hint: 'refer to files of the same repository' });
}

/** Paths of this machine, which kustomize would open or clone. */
function refuseLocal(realm: Realm, folder: string, reference: string): void {
  if (reference.startsWith('/') || /(^|:)file:/i.test(reference)) throw outside(realm, folder, reference);
}

/** One walk over kustomizations and what they refer to. */
class Walker {
  readonly realms = new Map<string, Realm>();
  readonly shown = new Map<string, string>();
  readonly #seen = new Set<string>();
  readonly #options: WalkOptions;
  usesCharts = false;
  usesPlugins = false;

  constructor(options: WalkOptions) {
    this.#options = options;
  }

  async visit(realm: Realm, folder: Found): Promise<void> {
    const key = `${realm.id} ${folder.path}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    let isKustomization = false;
    for (const name of kustomizationNames) {
      const file = await realm.inputs.look('', joinPath(folder.path, name), 'yaml');
      if (file?.kind !== 'blob') continue;
      isKustomization = true;
      await this.follow(realm, folder.path, await this.#options.reader.references(realm.view, file));
    }
    // So that kustomize finds the folder and can say what is missing in it.
    if (!isKustomization) await realm.inputs.look('', folder.path);
  }

  async follow(realm: Realm, folder: string, references: KustomizationReferences): Promise<void> {
    const { files, yamlFiles, resources, plugins, inlinePlugins, charts } = references;
    for (const file of files) {
      const reading = yamlFiles.has(file) ? 'yaml' : 'bytes';
      if (isHttpUrl(file)) await this.#replace(realm, folder, { reference: file, kind: 'file' });
      else await this.#lookUp(realm, folder, { reference: file, kind: 'file', reading });
    }
    for (const reference of resources) await this.#resource(realm, folder, { reference, kind: 'resource' });
    for (const chart of charts) await this.#chart(realm, folder, chart);
    if (plugins.length + inlinePlugins.length > 0) await this.#plugins(realm, folder, references);
  }

  async #plugins(realm: Realm, folder: string, references: KustomizationReferences): Promise<void> {
    this.usesPlugins = true;
    let others = false;
    for (const text of references.inlinePlugins) others = (await this.#pluginConfig(realm, folder, text)) || others;
    for (const reference of references.plugins) {
      const text = await this.#resource(realm, folder, { reference, kind: 'plugin' });
      if (text === undefined) await this.#refuseUnknown(realm, folder, reference);
      others = text === undefined || (await this.#pluginConfig(realm, folder, text)) || others;
    }
    if (others && this.#options.unrestricted) realm.inputs.addEverything();
    else if (others) await realm.inputs.look('', folder);
  }

  /** What a kustomization makes of a plugin's configuration is not known: with it, any file of this machine may be read. */
  async #refuseUnknown(realm: Realm, folder: string, reference: string): Promise<void> {
    const { unrestricted, charts, programs } = this.#options;
    if (programs || !(unrestricted || charts)) return;
    const isRemote = realm.replaced.get(folder)?.has(replacedKey(reference, 'plugin')) ?? false;
    // What is missing kustomize says in its own words.
    if (!isRemote && (await this.#lookUp(realm, folder, { reference, kind: 'plugin' })) === null) return;
    const place = `kustomization of ${placeOf(realm, folder)}: the plugins in "${shownReference(reference)}"`;
    throw new PlumblineError('RENDER_FAILED', `${place} cannot be told before they run`, {
      hint: 'with LoadRestrictionsNone or --enable-helm a folder of plugins may only list files: name them directly',
    });
  }

  /** Whether there are plugins of which it is not known what they read. */
  async #pluginConfig(realm: Realm, folder: string, text: string): Promise<boolean> {
    const { files, charts, others } = this.#options.reader.pluginReferences(text, placeOf(realm, folder));
    for (const file of files) await this.#lookUp(realm, folder, { reference: file, kind: 'file' });
    for (const chart of charts) await this.#chart(realm, folder, chart);
    return others;
  }

  /** Follows what may be a file or a folder; gives the text of a plugin's configuration. */
  async #resource(
    realm: Realm,
    folder: string,
    { reference, kind }: { reference: string; kind: ReferenceKind },
  ): Promise<string | undefined> {
    refuseLocal(realm, folder, reference);
    const isSpec = parseRepoSpec(reference) !== undefined;
    const isUrl = isHttpUrl(reference) || (isSpec && reference.includes('://'));
    const reading = kind === 'resource' ? 'yaml' : 'bytes';
    const found = isUrl ? null : await this.#lookUp(realm, folder, { reference, kind, reading }, isSpec);
    if (found?.kind === 'tree' && !isSpec) {
      await this.visit(realm, found);
      return kind === 'plugin' ? this.#options.reader.plainResources(realm.view, found) : undefined;
    }
    if (found?.kind === 'blob') return kind === 'plugin' ? realm.view.text(found.oid) : undefined;
    else if (isUrl || isSpec) return this.#replace(realm, folder, { reference, kind });
    return undefined;
  }

  async #lookUp(
    realm: Realm,
    folder: string,
    { reference, kind, reading }: { reference: string; kind: ReferenceKind; reading?: Reading },
    lenient = false,
  ): Promise<Found | null> {
    refuseLocal(realm, folder, reference);
    const { inputs } = realm;
    try {
      return await (kind === 'file'
        ? inputs.look(folder, reference, reading)
        : inputs.open(folder, reference, reading));
    } catch (error) {
      if (!hasCode(error, 'RENDER_PATH_OUTSIDE')) throw error;
      if (lenient) return null;
      throw outside(realm, folder, reference, error);
    }
  }

  /** Brings a remote thing here and notes what stands in its place; gives its text where it is a file, or configures plugins. */
  async #replace(
    realm: Realm,
    folder: string,
    { reference, kind }: { reference: string; kind: ReferenceKind },
  ): Promise<string | undefined> {
    const place = placeOf(realm, folder);
    await checkRemote(place, reference);
    const { content } = this.#options;
    const got = await (kind === 'file' ? content.file(reference) : content.resource(reference)).catch(
      (error: unknown) => {
        throw remoteError(place, reference, error);
      },
    );
    const replaced = realm.replaced.get(folder) ?? new Map<string, string>();
    realm.replaced.set(folder, replaced);
    if (got.kind === 'file') {
      const name = localName(reference);
      realm.files.set(joinPath(folder, name), got.content);
      replaced.set(replacedKey(reference, kind), name);
      this.shown.set(name, shownReference(reference));
      return got.content.toString('utf8');
    }
    const { other, found } = await this.#enter(got, place, reference);
    replaced.set(replacedKey(reference, kind), localPath(realm, folder, { realm: other, path: found.path }));
    return kind === 'plugin' ? this.#options.reader.plainResources(other.view, found) : undefined;
  }

  async #enter(got: RemoteFolder, place: string, reference: string): Promise<{ other: Realm; found: Found }> {
    const id = realmId(got);
    const other: Realm = this.realms.get(id) ?? {
      id,
      label: `${shownReference(got.spec.url)} (${got.commit.slice(0, 12)})`,
      source: { repo: shownReference(got.spec.url), ...(got.spec.ref === 'HEAD' ? {} : { ref: got.spec.ref }) },
      view: got.view,
      inputs: recordInputs(got.view),
      replaced: new Map(),
      files: new Map(),
      charts: new Map(),
    };
    if (!this.realms.has(id) && this.realms.size >= maxRealms) {
      const message = `kustomization of ${place}: more than ${maxRealms} repositories are brought together`;
      throw new PlumblineError('RENDER_TOO_LARGE', message);
    }
    this.realms.set(id, other);
    const found = await other.inputs.open('', got.spec.path);
    if (found?.kind !== 'tree') {
      const problem = `${displayPath(got.spec.path)} ${found ? 'is no folder' : 'does not exist'} in ${other.label}`;
      throw remoteError(place, reference, new PlumblineError('RENDER_PATH_NOT_FOUND', problem));
    }
    await this.visit(other, found);
    return { other, found };
  }

  async #chart(realm: Realm, folder: string, chart: ChartEntry): Promise<void> {
    this.usesCharts = true;
    if (!this.#options.charts) return;
    const found = await this.#lookUp(realm, folder, { reference: chart.folder, kind: 'resource' });
    if (found) await chartTracer.trace(realm.inputs, found.path, chartTracing);
    if (found || chart.repo === '') return;
    const path = normalisePath(joinPath(folder, chart.folder));
    if (realm.charts.has(path)) return;
    const place = placeOf(realm, folder);
    await checkRemote(place, chart.repo.replace(/^oci:/i, 'https:'));
    const view = await this.#options.content.chart(chart).catch((error: unknown) => {
      throw remoteError(place, `chart ${chart.name} ${chart.version} of ${chart.repo}`, error);
    });
    realm.charts.set(path, view);
  }
}

/**
 * Follows the kustomization of a folder through all that it refers to, also in other repositories, and records what is
 * read. Throws `RENDER_PATH_OUTSIDE`, and with the kustomization and its reference named what the content throws.
 */
export async function walkKustomization(inputs: InputRecorder, path: string, options: WalkOptions): Promise<Walk> {
  const own: Realm = {
    id: '',
    label: '',
    view: inputs.view,
    inputs,
    replaced: new Map(),
    files: new Map(),
    charts: new Map(),
  };
  const walker = new Walker(options);
  const { components = [], patches = [] } = options.options;
  await walker.visit(own, { path, kind: 'tree', oid: '', links: [] });
  await walker.follow(own, path, referencesOf({ components, patches }));
  const { realms, shown, usesCharts, usesPlugins } = walker;
  return { realms: [own, ...realms.values()], shown, usesCharts, usesPlugins };
}
