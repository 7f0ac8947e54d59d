// @ts-check

/**
 * What views ask for. They know nothing of how it is done; main does it.
 *
 * @typedef {object} Actions
 * @property {(by: number, unit?: 'event' | 'fault' | 'page' | 'actor') => void} step
 * @property {(seq: number) => void} seek
 * @property {(timeNs: number) => void} seekTime
 * @property {() => void} togglePlay
 * @property {(eventsPerSecond: number) => void} setSpeed
 * @property {(page: import('../model/page-ref.js').PageRef | null, reveal?: boolean) => void} selectPage
 *     `reveal` brings it on screen
 * @property {(actor: number | null) => void} selectActor
 * @property {(lens: import('../model/lens-registry.js').LensId) => void} setLens
 * @property {(layer: import('../model/paint.js').LayerId) => void} setLayer
 * @property {(table: import('../model/deep-link.js').TableId) => void} setTable
 * @property {(side: import('../model/deep-link.js').SideId) => void} setSide
 * @property {(range: import('../model/view-state.js').TimeRange | null, pixels: number) => void} setRange
 * @property {(of: import('../model/heatmap.js').HeatmapOf) => void} setHeatOf what the rows of the heatmap are
 * @property {(columns: number, rows: number) => void} askHeat for the window that the lanes show
 * @property {(limit: number, about: number) => void} askArrows for the window that the lanes show: of so many faults at most, of the one that an event is of in any case
 * @property {(area: import('../model/fault-filter.js').Area | null) => void} selectArea only its faults are shown anywhere; null: no area
 * @property {() => void} markTime selects the faults between two moments, this and the next one that it is asked at
 * @property {(query: string) => void} findAll looks for every hit of a predicate
 * @property {() => void} clearHits
 * @property {(direction: 1 | -1) => void} findNext
 * @property {(query: string, once?: boolean) => boolean} addBreakpoint false where there is none, or no room
 * @property {(query: string, on: boolean) => void} switchBreakpoint
 * @property {(query: string, once: boolean) => void} stopOnce has it off as soon as it has stopped something, or not
 * @property {(query: string) => void} removeBreakpoint
 * @property {(direction: 1 | -1) => void} continueTo goes to the next or previous hit of any breakpoint that is on
 * @property {BookmarkActions} bookmarks
 * @property {(on: boolean) => void} watchPage every change of the selected page
 * @property {() => void} watchOn further changes of it
 * @property {(first: {region: number, first: number, count: number}) => void} showPages says what
 *     is on screen
 * @property {() => void} compare lays another recording beside this one, at this moment
 * @property {(tiles: {region: number, tile: number}[]) => void} lookAt says which tiles of a large recording are
 *     looked at page by page, the most wanted first
 * @property {() => void} share copies a link to what is shown
 * @property {() => void} showKeys
 * @property {() => void} toggleTheme
 * @property {() => void} retry connects at once
 * @property {() => void} loadNotes
 * @property {() => void} cancelImport
 * @property {(regions: string[]) => Promise<string | null>} setRegions null, or what was wrong
 */

/**
 * What views ask of bookmarks. What is refused is told by itself.
 *
 * @typedef {object} BookmarkActions
 * @property {() => void} begin writes one at this moment, about the selected page
 * @property {(bookmark: import('../model/messages.js').BookmarkInfo) => void} edit writes another text for one
 * @property {(text: string) => void} save what is written
 * @property {() => void} cancel
 * @property {(bookmark: import('../model/messages.js').BookmarkInfo) => void} remove
 * @property {(bookmark: import('../model/messages.js').BookmarkInfo) => void} goTo its moment and page
 * @property {(direction: 1 | -1) => void} beside goes to the next or previous one
 */

/**
 * What views ask of a run that is under way. What is refused is told by itself.
 *
 * @typedef {object} RunActions
 * @property {() => void} toggle runs or pauses, at the speed that is set
 * @property {(eventsPerSecond: number | null) => void} go null: as fast as it can
 * @property {() => void} toDecision goes on to the next decision of the kernel and shows it
 * @property {() => void} manual switches between handlers that answer and handlers that wait
 * @property {() => void} breakpoints has it stop at the breakpoints that are on, where it does not yet
 * @property {(command: import('../model/run-status.js').RunCommand, words: (regionName: (region: number) => string) => string) => Promise<void>} perform
 *     does something by hand and adds it to the inputs
 * @property {() => void} checkPages compares the recorded pages with the page table
 * @property {() => void} toEnd shows the moment at which the run stands
 * @property {() => void} fork
 * @property {(on?: 'simulation' | 'live') => void} restart on the same kernel, or on this one
 * @property {() => void} stop
 */

/**
 * Where tables get rows from that are not in the state: too many to keep.
 *
 * @typedef {object} Rows
 * @property {(from: number, count: number) => Promise<import('../model/frames.js').EventRecord[]>} events
 * @property {(from: number, limit: number) => Promise<import('../model/messages.js').FaultRow[]>} faults
 * @property {(sort: string, where: string, skip: number, limit: number) => Promise<import('../model/messages.js').FaultRow[]>} sortedFaults
 * @property {(where: string, group: string) => Promise<import('../model/messages.js').FaultSums>} faultSums
 * @property {() => Promise<import('../model/messages.js').KernelTotals>} kernelTotals
 * @property {(query: string, from: number) => Promise<import('../model/messages.js').SearchAnswer>} search
 */

export {};
