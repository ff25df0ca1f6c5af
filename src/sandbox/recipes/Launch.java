import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What every launcher shares: settings from the arguments, the ready file, the end when the parent is gone, the clean stop.
 *
 * <pre>java -Dtermweave.config=FOLDER -Dtermweave.ready=FILE [-Dtermweave.watch=true] ... LAUNCHER key=value ...</pre>
 *
 * The ready file appears whole, once the node answers: {"http":PORT,"transport":PORT,"pid":PID}.
 */
final class Launch {
    /** A node that has started. */
    record Started(int httpPort, int transportPort, AutoCloseable node) {}

    interface Starter {
        Started start(Map<String, String> settings, Path config) throws Exception;
    }

    static void run(String[] arguments, Starter starter) throws Exception {
        Path config = Files.createDirectories(Path.of(System.getProperty("termweave.config")));
        Started started = starter.start(settingsOf(arguments), config);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(started.node())));
        writeReady(started);
        if (Boolean.getBoolean("termweave.watch")) stopWithParent();
        Thread.currentThread().join();
    }

    private static Map<String, String> settingsOf(String[] arguments) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            settings.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        return settings;
    }

    private static void writeReady(Started started) throws Exception {
        Path ready = Path.of(System.getProperty("termweave.ready"));
        Path partial = ready.resolveSibling(ready.getFileName() + ".partial");
        String json = String.format("{\"http\":%d,\"transport\":%d,\"pid\":%d}",
            started.httpPort(), started.transportPort(), ProcessHandle.current().pid());
        Files.write(partial, json.getBytes(StandardCharsets.UTF_8));
        Files.move(partial, ready, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Standard input is a pipe whose other end the parent holds: it ends when the parent does, however it ends. */
    private static void stopWithParent() throws Exception {
        while (System.in.read() >= 0) { }
        Thread last = new Thread(() -> haltAfter(30));
        last.setDaemon(true);
        last.start();
        System.exit(0);
    }

    /** Nobody is left to kill a node that hangs in its own stop. */
    private static void haltAfter(int seconds) {
        try {
            Thread.sleep(seconds * 1000L);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }

    private static void close(AutoCloseable node) {
        try {
            node.close();
        } catch (Exception e) {
            e.printStackTrace();
        }
    }
}
