import { describe, expect, it } from 'vitest';
import { requestsIn } from './engine-metrics.ts';
import { members, processCosts } from './process-costs.ts';
import { trafficIn } from './redis-traffic.ts';

describe('the processes that count', () => {
  const parents = new Map([
    [1, 0],
    [10, 1],
    [11, 10],
    [12, 10],
    [13, 12],
    [20, 1],
  ]);

  it('are the roots and what they have started', () => {
    expect(members(parents, { roots: [10], except: [] })).toEqual([10, 11, 12, 13]);
  });

  it('do not include the exceptions and what those have started', () => {
    expect(members(parents, { roots: [10, 20], except: [12] })).toEqual([10, 11, 20]);
  });

  it('have a cost', async () => {
    const { cpu, memory } = await processCosts({ roots: [process.pid], except: [] });
    expect(cpu).toBeGreaterThan(0);
    expect(memory).toBeGreaterThan(10);
  });
});

it('API requests are read from a metrics page, by verb', () => {
  const page = `# HELP plumbline_kube_requests_total Requests
# TYPE plumbline_kube_requests_total counter
plumbline_kube_requests_total{server="https://127.0.0.1:1",verb="apply",code="200"} 12
plumbline_kube_requests_total{server="https://127.0.0.1:1",verb="get",code="404"} 3
argocd_git_request_total{repo="r"} 9
`;
  expect(requestsIn(page)).toEqual([
    ['apply', 12],
    ['get', 3],
  ]);
});

it("Redis' traffic counts both directions", () => {
  const info = '+OK\r\n$90\r\n# Stats\r\ntotal_net_input_bytes:1000\r\ntotal_net_output_bytes:250\r\n';
  expect(trafficIn(info)).toBe(1250);
  expect(trafficIn('-NOAUTH Authentication required.')).toBeUndefined();
});
