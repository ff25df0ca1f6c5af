/**
 * A slurm.conf for two nodes of one core each on loopback, all of whose files are in one folder (Slurm 22.05 of Debian 12, as root). A node that is
 * lost is noticed within ten seconds.
 */
export function slurmConfiguration(folder: string, host: string): string {
  const node = (name: string, port: number) =>
    `NodeName=${name} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${port} CPUs=1 RealMemory=2000`;
  return `${[
    'ClusterName=termweave',
    `SlurmctldHost=${host}(127.0.0.1)`,
    'AuthType=auth/munge',
    `AuthInfo=socket=${folder}/munge.sock,cred_expire=5`,
    'SlurmUser=root',
    'SlurmdUser=root',
    `StateSaveLocation=${folder}/state`,
    `SlurmdSpoolDir=${folder}/spool-%n`,
    `SlurmctldPidFile=${folder}/slurmctld.pid`,
    `SlurmdPidFile=${folder}/slurmd-%n.pid`,
    `SlurmctldLogFile=${folder}/slurmctld.log`,
    `SlurmdLogFile=${folder}/slurmd-%n.log`,
    'SlurmctldPort=26817',
    'SlurmdTimeout=10',
    'SchedulerParameters=sched_interval=2,bf_interval=2',
    'ProctrackType=proctrack/linuxproc',
    'TaskPlugin=task/none',
    'SwitchType=switch/none',
    'MpiDefault=none',
    'SelectType=select/cons_tres',
    'SelectTypeParameters=CR_Core_Memory',
    'JobAcctGatherType=jobacct_gather/none',
    'AccountingStorageType=accounting_storage/none',
    'ReturnToService=2',
    node('n1', 26821),
    node('n2', 26822),
    'PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP',
  ].join('\n')}\n`;
}
