import TestBed
import Testing

@Suite("eventually")
struct EventuallyTests {
    @Test("the error names the condition that did not happen, and the last error")
    func failure() async throws {
        let error = await #expect(throws: BedError.self) {
            try await eventually("the light is on", within: .milliseconds(50)) { () -> Bool in
                throw BedError("it is off")
            }
        }
        #expect(error?.description == "the light is on: did not happen within 0.05 seconds; last error: it is off")
    }

    @Test("the first value is returned")
    func value() async throws {
        var tries = 0
        let value = try await eventually("three tries", every: .milliseconds(1)) { () -> Int? in
            tries += 1
            return tries == 3 ? tries : nil
        }
        #expect(value == 3)
    }
}
