package io.tarkiln.e2e.stack;

import com.sun.tools.attach.VirtualMachine;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** The heap of another Java process of this user. */
public record ServiceHeap(long pid) {
  private static final int COLLECTIONS = 3;

  /** What is in use once garbage is collected, in bytes: the least of a few looks. */
  public long usedBytes() throws Exception {
    VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
    String address;
    try {
      address = machine.startLocalManagementAgent();
    } finally {
      machine.detach();
    }
    try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(address))) {
      MemoryMXBean memory =
          ManagementFactory.newPlatformMXBeanProxy(
              connector.getMBeanServerConnection(),
              ManagementFactory.MEMORY_MXBEAN_NAME,
              MemoryMXBean.class);
      long least = Long.MAX_VALUE;
      for (int i = 0; i < COLLECTIONS; i++) {
        memory.gc();
        least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
      }
      return least;
    }
  }
}
