import TestBed
import Testing

@Suite("eventually")
struct EventuallyTests {
    @Test("a fact that never comes is named, with the last error")
    func failure() async throws {
        let error = await #expect(throws: BedError.self) {
            try await eventually("the moon is blue", within: .milliseconds(50)) { () -> Bool in
                throw BedError("it is grey")
            }
        }
        #expect(error?.description == "the moon is blue: did not happen within 0.05 seconds; last error: it is grey")
    }

    @Test("the value is given back as soon as there is one")
    func value() async throws {
        var tries = 0
        let value = try await eventually("three tries", every: .milliseconds(1)) { () -> Int? in
            tries += 1
            return tries == 3 ? tries : nil
        }
        #expect(value == 3)
    }
}
