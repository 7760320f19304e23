import Basics
import Foundation
import Nginx
import NginxConfig
import TestBed
import Testing
import Vault

@testable import Controller

@Suite("When a certificate is read again")
struct CertificateRefresherTests {
    @Test(
        "after 80 to 100 % of the interval, so that those read together drift apart",
        arguments: [(0.0, 48_000), (0.5, 54_000), (1.0, 60_000)])
    func delay(random: Double, milliseconds: Int) throws {
        let state = StateDirectory(try AbsolutePath(TemporaryFolder.make("refresher").path))
        let vault = try VaultClient(
            configuration: VaultConfiguration(), login: .token(Secret("scripted")), transport: ScriptedVault(),
            logger: .quiet)
        let refresher = CertificateRefresher(
            store: CertificateStore(folder: CertificateFolder(state: state), logger: .quiet),
            reader: CertificateReader(vault: vault, pki: nil), interval: .seconds(60))
        let delay = refresher.nextDelay(random: random)
        #expect(abs((delay - .milliseconds(milliseconds)) / .milliseconds(1)) < 1)
    }
}
