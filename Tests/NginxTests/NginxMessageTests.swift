import Nginx
import Testing

@Suite("What nginx says")
struct NginxMessageTests {
    @Test(
        "memory, files and space that ran out say nothing about the configuration; what a message quotes does not count",
        arguments: [
            ("open() \"/run/t/nginx.conf\" failed (24: Too many open files)", true),
            ("mkdir() \"/run/t/body\" failed (28: No space left on device) in /run/t/nginx.conf:33", true),
            ("malloc(4096) failed (12: Cannot allocate memory)", true),
            ("cannot load certificate \"/run/a.crt\": BIO_new_file() failed (SSL: error:80000002)", false),
            ("open() \"/run/users\" failed (2: No such file or directory)", false),
            ("unknown directive \"(28: No space left on device)\" in /run/t/nginx.conf:12", false),
            ("could not build server_names_hash, you should increase server_names_hash_max_size: 65536", false),
        ])
    func machine(words: String, isAboutMachine: Bool) throws {
        #expect(try #require(NginxMessage("nginx: [emerg] \(words)")).isAboutMachine == isAboutMachine)
    }
}
