# needs: structlog
import structlog, logging, sys, io
structlog.configure(processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, structlog.processors.StackInfoRenderer(), structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer(key_order=["event"])], logger_factory=structlog.PrintLoggerFactory(sys.stdout))
log = structlog.get_logger().bind(a=1); log.info("hello", b=[1]); log.new(c=2).warning("w")
structlog.contextvars.bind_contextvars(req=5); log.error("e")
try: 1/0
except ZeroDivisionError as error: log.error("boom", kind=type(error).__name__)
structlog.configure(processors=[structlog.processors.JSONRenderer(sort_keys=True)]); structlog.get_logger().info("j", x={"y": 1})
structlog.configure(processors=[structlog.dev.ConsoleRenderer(colors=False)]); structlog.get_logger().info("console", k="v v")
with structlog.testing.capture_logs() as c: structlog.get_logger().info("cap", z=1)
print(c)
