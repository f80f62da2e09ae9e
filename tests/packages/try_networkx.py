# needs: networkx
import networkx as nx

graph = nx.Graph()
graph.add_weighted_edges_from([("a", "b", 4), ("a", "c", 2), ("c", "b", 1), ("b", "d", 5)])
print(nx.shortest_path(graph, "a", "d", weight="weight"), nx.dijkstra_path_length(graph, "a", "d"))
print(sorted(nx.connected_components(graph), key=min)[0] == {"a", "b", "c", "d"}, nx.density(graph))
print(sorted(nx.minimum_spanning_tree(graph).edges(data="weight")), sorted(nx.degree_centrality(graph).items()))
directed = nx.DiGraph([(1, 2), (2, 3), (1, 3), (3, 4)])
print(list(nx.topological_sort(directed)), nx.is_directed_acyclic_graph(directed), list(nx.all_simple_paths(directed, 1, 4)))
print(nx.maximum_flow_value(nx.DiGraph([("s", "a", {"capacity": 3}), ("a", "t", {"capacity": 2})]), "s", "t"))
print(sorted(map(sorted, nx.find_cliques(nx.complete_graph(4)))), nx.diameter(nx.path_graph(6)), nx.is_planar(nx.complete_graph(5)))
print({node: round(rank, 4) for node, rank in nx.pagerank(directed, backend=None).items()} if False else nx.average_clustering(graph))
