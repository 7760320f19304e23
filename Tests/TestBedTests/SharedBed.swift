import TestBed

/// One cluster for all suites of this target.
let sharedBed = Shared { try await Bed.start() }
