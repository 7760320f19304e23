import Testing

@testable import Vault

@Suite("Token lifetime")
struct TokenLifetimeTests {
    private func fresh(_ seconds: Int, renewable: Bool = true, random: Double = 0) -> TokenLifetime {
        var lifetime = TokenLifetime()
        lifetime.loggedIn(for: .seconds(seconds), renewable: renewable, at: .zero, random: random)
        return lifetime
    }

    @Test("without a token, a login is due")
    func start() {
        #expect(TokenLifetime().action(at: .zero) == .logIn)
    }

    @Test("a token is renewed right after login, then after two thirds of the remaining time plus a third of the grace")
    func renewal() {
        var lifetime = fresh(3600)
        #expect(lifetime.action(at: .zero) == .renew)
        lifetime.renewed(for: .seconds(3600), at: .zero, random: 0)
        #expect(lifetime.action(at: .zero) == .wait(until: .seconds(2520)))
        #expect(lifetime.action(at: .seconds(2520)) == .renew)
        lifetime.renewed(for: .seconds(3600), at: .seconds(2520), random: 0)
        #expect(lifetime.action(at: .seconds(2520)) == .wait(until: .seconds(5040)))
    }

    @Test("the grace is 10 to 20 % of the lease", arguments: [(0.0, 360), (1.0, 720)])
    func grace(random: Double, seconds: Int) {
        #expect(
            fresh(3600, renewable: false, random: random).action(at: .zero) == .wait(until: .seconds(3600 - seconds)))
    }

    @Test("a token that cannot be renewed is replaced when only the grace remains")
    func notRenewable() {
        let lifetime = fresh(3600, renewable: false)
        #expect(lifetime.action(at: .seconds(3239)) == .wait(until: .seconds(3240)))
        #expect(lifetime.action(at: .seconds(3240)) == .logIn)
    }

    @Test("a token whose leases shrink near the maximum lifetime is replaced")
    func maximum() {
        var lifetime = fresh(3600)
        lifetime.renewed(for: .seconds(3600), at: .zero, random: 0)
        lifetime.renewed(for: .seconds(300), at: .seconds(2520), random: 0)
        #expect(lifetime.action(at: .seconds(2520)) == .logIn)
    }

    @Test("a denied renewal causes a new login, unless the token was never renewed")
    func denied() {
        var lifetime = fresh(3600)
        lifetime.renewalDenied(at: .zero)
        #expect(lifetime.action(at: .zero) == .wait(until: .seconds(3240)))
        lifetime = fresh(3600)
        lifetime.renewed(for: .seconds(3600), at: .zero, random: 0)
        lifetime.renewalDenied(at: .seconds(2520))
        #expect(lifetime.action(at: .seconds(2520)) == .logIn)
    }

    @Test("a renewal without a response is retried before the grace")
    func noAnswer() {
        var lifetime = fresh(3600)
        lifetime.renewed(for: .seconds(3600), at: .zero, random: 0)
        lifetime.renewalFailed(at: .seconds(2520))
        #expect(lifetime.action(at: .seconds(2520)) == .wait(until: .seconds(3240)))
        #expect(lifetime.action(at: .seconds(3240)) == .logIn)
    }

    @Test("a token that does not expire is neither renewed nor replaced")
    func permanent() {
        #expect(fresh(0).action(at: .seconds(1_000_000)) == .wait(until: nil))
    }

    @Test(
        "the wait after failed logins doubles up to 30 s",
        arguments: [(1, 0.0, 0.5), (1, 1.0, 1.0), (2, 1.0, 2.0), (5, 1.0, 16.0), (6, 1.0, 30.0), (99, 0.0, 15.0)])
    func backoff(failures: Int, random: Double, seconds: Double) {
        #expect(TokenLifetime.loginBackoff(failures: failures, random: random) == .seconds(seconds))
        var lifetime = TokenLifetime()
        for _ in 0..<failures { lifetime.loginFailed(at: .zero, random: random) }
        #expect(lifetime.action(at: .zero) == .wait(until: .seconds(seconds)))
        #expect(lifetime.isBackingOff(at: .zero))
        #expect(lifetime.action(at: .seconds(seconds)) == .logIn)
    }
}
