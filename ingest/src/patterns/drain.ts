import { createTokens, cutText, cutTokens, type Tokens, VARIABLE } from './tokens.ts'

/**
 * Templates of the lines of one service: a Drain tree (He et al., 2017) over bytes. Lines of as many words that begin with the same word share a leaf; in
 * it a line joins the template that is most like it, and what differs becomes variable there.
 *
 * Law: what a tree answers depends only on its templates in the order they were made, so that a tree made again from their texts answers the same.
 */
export interface Drain {
  readonly templates: readonly Template[]
  /** The template of a line, made or widened where none fits; −1 for a line without a word, or for a new one when there is no room. `changed` is told of both. */
  match(bytes: Uint8Array, start: number, end: number, changed: (template: number) => void): number
  /** The template that a line would join as they are, −1 when it would make one; changes nothing. */
  find(bytes: Uint8Array, start: number, end: number): number
  /** Takes a template as its text was kept. */
  restore(text: Uint8Array): void
}

export interface Template {
  /** One a word, `VARIABLE` where lines differ. */
  readonly hashes: Int32Array
  /** `<*>` where lines differ. */
  text: Uint8Array
}

interface Leaf {
  templates: number[]
  /** Exact sequences of words → template; for ever right only while the leaf's templates are the same. */
  known: Map<number, number>
}

interface Tree {
  templates: Template[]
  room: Room
  leaves: Map<number, Leaf>
  /** Words in a line → how many different first words its leaves have. */
  firsts: Map<number, number>
  tokens: Tokens
}

/** Templates that may still be made, by this tree or another that shares it. */
export interface Room {
  left: number
}

/** First words that have a leaf of their own, for lines of one length; those after share one. */
const MAX_FIRSTS = 100
const MAX_KNOWN = 1000
/** A line joins a template when at least this share of it is alike. */
const ALIKE = 0.5
/** A word where the template varies already is this much like it. */
const VARIES_ALIKE = 0.25
const MARK = Uint8Array.of(0x3c, 0x2a, 0x3e)

export function createDrain(room: Room): Drain {
  const tree: Tree = { templates: [], room, leaves: new Map(), firsts: new Map(), tokens: createTokens() }
  return {
    templates: tree.templates,
    match(bytes, start, end, changed) {
      cutTokens(bytes, start, end, tree.tokens)
      return tree.tokens.count === 0 ? -1 : matchTokens(tree, bytes, start, changed)
    },
    find(bytes, start, end) {
      cutTokens(bytes, start, end, tree.tokens)
      const leaf = tree.tokens.count === 0 ? undefined : tree.leaves.get(leafKey(tree))
      return leaf === undefined ? -1 : likest(tree, leaf, sequenceHash(tree.tokens))
    },
    restore(text) {
      cutText(text, 0, text.length, tree.tokens)
      const key = leafKey(tree)
      add(tree, leafOf(tree, key), text.slice())
    },
  }
}

function matchTokens(tree: Tree, bytes: Uint8Array, start: number, changed: (template: number) => void): number {
  const key = leafKey(tree)
  const sequence = sequenceHash(tree.tokens)
  const leaf = tree.leaves.get(key)
  const known = leaf === undefined ? -1 : knownOf(tree, leaf, sequence)
  if (known >= 0) return known
  const best = leaf === undefined ? -1 : mostAlike(tree, leaf)
  if (leaf === undefined || best < 0) {
    if (tree.room.left <= 0) return -1
    const made = add(tree, leafOf(tree, key), textOf(tree.tokens, tree.tokens.hashes, bytes, start))
    changed(made)
    return made
  }
  const template = tree.templates[best]!
  if (widen(template, tree.tokens)) {
    template.text = textOf(tree.tokens, template.hashes, bytes, start)
    leaf.known.clear()
    changed(best)
  }
  if (leaf.known.size < MAX_KNOWN) leaf.known.set(sequence, best)
  return best
}

function knownOf(tree: Tree, leaf: Leaf, sequence: number): number {
  const known = leaf.known.get(sequence)
  return known !== undefined && fits(tree.templates[known]!, tree.tokens) ? known : -1
}

function likest(tree: Tree, leaf: Leaf, sequence: number): number {
  const known = knownOf(tree, leaf, sequence)
  return known >= 0 ? known : mostAlike(tree, leaf)
}

/** How many words, and the first; what comes after `MAX_FIRSTS` first words, and what begins with a variable, goes by length alone. */
function leafKey(tree: Tree): number {
  const { count, hashes } = tree.tokens
  const key = (hashes[0]! >>> 0) * 128 + count
  return hashes[0] === VARIABLE || tree.leaves.has(key) || (tree.firsts.get(count) ?? 0) < MAX_FIRSTS ? key : count
}

function leafOf(tree: Tree, key: number): Leaf {
  const known = tree.leaves.get(key)
  if (known !== undefined) return known
  const leaf: Leaf = { templates: [], known: new Map() }
  tree.leaves.set(key, leaf)
  const { count } = tree.tokens
  tree.firsts.set(count, (tree.firsts.get(count) ?? 0) + 1)
  return leaf
}

function add(tree: Tree, leaf: Leaf, text: Uint8Array): number {
  tree.room.left--
  const template = tree.templates.push({ hashes: tree.tokens.hashes.slice(0, tree.tokens.count), text }) - 1
  leaf.templates.push(template)
  leaf.known.clear()
  return template
}

/** 53 bits, so that two sequences of one leaf hardly ever meet; `fits` looks again. */
function sequenceHash({ hashes, count }: Tokens): number {
  let low = 0x2545f491
  let high = 0x4f6cdd1d
  for (let i = 0; i < count; i++) {
    low = Math.imul(low ^ hashes[i]!, 0x9e3779b1)
    high = Math.imul(high ^ hashes[i]!, 0x85ebca77)
    low ^= low >>> 15
    high ^= high >>> 13
  }
  return (high >>> 11) * 0x1_0000_0000 + (low >>> 0)
}

function fits(template: Template, { hashes, count }: Tokens): boolean {
  for (let i = 0; i < count; i++) if (template.hashes[i] !== hashes[i] && template.hashes[i] !== VARIABLE) return false
  return true
}

/** The template of a leaf that is most like the words, the oldest of equals; −1 when none is alike. */
function mostAlike(tree: Tree, leaf: Leaf): number {
  let best = -1
  let most = tree.tokens.count * ALIKE
  for (const each of leaf.templates) {
    const alike = likeness(tree.templates[each]!, tree.tokens)
    if (alike > most || (alike === most && best < 0)) {
      best = each
      most = alike
    }
  }
  return best
}

function likeness(template: Template, { hashes, count }: Tokens): number {
  let alike = 0
  for (let i = 0; i < count; i++) {
    if (template.hashes[i] === hashes[i]) alike++
    else if (template.hashes[i] === VARIABLE) alike += VARIES_ALIKE
  }
  return alike
}

/** What differs becomes variable; whether anything did. */
function widen(template: Template, { hashes, count }: Tokens): boolean {
  let widened = false
  for (let i = 0; i < count; i++) {
    if (template.hashes[i] === hashes[i] || template.hashes[i] === VARIABLE) continue
    template.hashes[i] = VARIABLE
    widened = true
  }
  return widened
}

/** The line with `<*>` for its variable words. */
function textOf({ starts, ends, count, end }: Tokens, hashes: Int32Array, bytes: Uint8Array, start: number): Uint8Array {
  const text = new Uint8Array(end - start + count * MARK.length)
  let length = 0
  let from = start
  for (let i = 0; i < count; i++) {
    const to = hashes[i] === VARIABLE ? starts[i]! : ends[i]!
    text.set(bytes.subarray(from, to), length)
    length += to - from
    if (hashes[i] === VARIABLE) {
      text.set(MARK, length)
      length += MARK.length
    }
    from = ends[i]!
  }
  text.set(bytes.subarray(from, end), length)
  length += end - from
  return text.slice(0, length)
}
