package pactor;

import actors.Quotas;
import java.util.function.Supplier;
import meter.Meter;
import pactor.settings.Settings;
import store.Database;
import store.UsageTable;

/** The quotas of the settings, against what the database has. */
final class NamespaceQuotas {

    private NamespaceQuotas() {}

    static Quotas of(Supplier<Settings> settings, Database database, Meter meter) {
        UsageTable table = new UsageTable(database);
        return new Quotas(() -> settings.get().security().quotas(), new Quotas.Sources(
            namespace -> table.of(namespace).thenApply(
                found -> new Quotas.Usage(found.open(), found.bytes())),
            table::isKnown), meter, System::nanoTime);
    }
}
